// The chat on the kinds of pages that customers have.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { launchBrowser, launchWithPreferences } from './browser.mjs';
import { dropIn, hostSite, page, tag } from './host_site.mjs';
import { TestServer } from './server.mjs';
import { WidgetPage } from './widget_page.mjs';

let server;
let browser;
let token;

before(async () => {
    server = await TestServer.start();
    token = server.inbox.website_token;
    browser = await launchBrowser();
});
after(async () => {
    await browser?.close();
    await server?.remove();
});

/** Visits a site made of these pages as a new visitor. Errors of scripts and broken policies fail it. */
async function visit(pages, run, { context: options, host } = {}) {
    const site = await hostSite(pages, { host });
    const context = await browser.visitor(options);
    const faults = [];
    const asked = [];
    context.on('request', (r) => r.url().startsWith(server.url) && asked.push(new URL(r.url()).pathname));
    await context.exposeBinding('reportFault', (_, text) => faults.push(text));
    await context.addInitScript(() => {
        addEventListener('securitypolicyviolation', (e) => window.reportFault(`${e.violatedDirective} ${e.blockedURI}`));
    });
    const open = async (url = site.url) => {
        const tab = await context.newPage();
        tab.on('pageerror', (e) => faults.push(e.message));
        await tab.goto(url);
        return new WidgetPage(tab);
    };
    try {
        await run({ open, context, site, asked });
        assert.deepEqual(faults, []);
    } finally {
        await context.close();
        await site.stop();
    }
}

const until = async (what, check, timeout = 20000) => {
    const end = Date.now() + timeout;
    for (;;) {
        const value = await check();
        if (value) return value;
        if (Date.now() > end) throw new Error('waited in vain for ' + what);
        await new Promise((r) => setTimeout(r, 50));
    }
};

async function talk(chat, text) {
    await chat.open();
    await chat.write(text);
    await chat.waitForMessage(text, { state: 'sent' });
}

test('a strict policy with the two documented entries is enough, and nothing of it is broken', () => {
    const csp = `default-src 'none'; script-src ${server.url}; frame-src ${server.url}`;
    return visit({ '/': { html: page(tag(server.url, token)), headers: { 'Content-Security-Policy': csp } } }, async ({ open, context }) => {
        const chat = await open();
        await talk(chat, 'behind two entries');
        const conversation = await server.conversationWith('behind two entries');
        await chat.page.evaluate(() => window.$deskbell.close());
        await server.reply(conversation, 'a teaser, too');
        await chat.page.getByRole('button', { name: 'a teaser, too' }).waitFor();
        assert.deepEqual(await context.cookies(), []);
    });
});

test('the second part comes by the nonce of the first where policies go by nonces', () => {
    const csp = `default-src 'none'; script-src 'nonce-bm9uY2U' 'strict-dynamic'; frame-src ${server.url}`;
    const html = page(tag(server.url, token, 'nonce="bm9uY2U"'));
    return visit({ '/': { html, headers: { 'Content-Security-Policy': csp } } }, async ({ open }) => talk(await open(), 'by nonce'));
});

test('nothing is asked for, stored or set before the visitor acts, whichever name it goes by', async () => {
    for (const [snippet, script] of [[tag(server.url, token), '/w.js'], [dropIn(server.url, token), '/packs/js/sdk.js']]) {
        await visit({ '/': page(snippet) }, async ({ open, context, asked }) => {
            const chat = await open();
            await chat.launcher.waitFor();
            await chat.page.evaluate(() => window.$deskbell.setCustomAttributes({ plan: 'pro' }));
            await chat.page.waitForLoadState('networkidle');
            await chat.page.waitForTimeout(4000);
            assert.deepEqual(asked, [script]);
            assert.deepEqual(await chat.page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]), [0, 0, '']);
            assert.deepEqual(await context.cookies(), []);
        });
    }
});

test('a page that replaces its body, or all it is made of, keeps its chat', () =>
    visit({ '/': page(tag(server.url, token)) }, async ({ open }) => {
        const chat = await open();
        await talk(chat, 'before the replacement');
        const frames = () => chat.page.locator('iframe').count();
        // As Turbo does on a visit: another body, scripts of it run again.
        await chat.page.evaluate(async () => {
            const next = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
            document.body.replaceWith(document.adoptNode(next.body));
            for (const old of document.body.querySelectorAll('script')) {
                const script = document.createElement('script');
                for (const { name, value } of old.attributes) script.setAttribute(name, value);
                old.replaceWith(script);
            }
            history.pushState(null, '', '/second');
        });
        await chat.waitForTexts(['before the replacement']);
        assert.equal(await chat.launcher.getAttribute('aria-expanded'), 'true');
        assert.equal(await frames(), 1);
        await chat.write('after the body went');
        await chat.waitForMessage('after the body went', { state: 'sent' });
        // The whole document element.
        await chat.page.evaluate(() => {
            const next = new DOMParser().parseFromString('<!doctype html><html lang="en"><body><h1>Other</h1></body></html>', 'text/html');
            document.replaceChild(document.adoptNode(next.documentElement), document.documentElement);
        });
        await chat.open();
        await chat.waitForTexts(['before the replacement', 'after the body went']);
        await chat.write('after everything went');
        await chat.waitForMessage('after everything went', { state: 'sent' });
        assert.equal(await chat.page.locator('#deskbell').count(), 1);
        // And once more: the new document is watched, too.
        await chat.page.evaluate(() => document.getElementById('deskbell').remove());
        await chat.launcher.waitFor();
    }));

test('two tabs of one site are one visitor, and one launcher each', () =>
    visit({ '/': page(tag(server.url, token) + tag(server.url, token)) }, async ({ open }) => {
        const first = await open();
        await talk(first, 'from one tab');
        const second = await open();
        await second.open();
        await second.waitForTexts(['from one tab']);
        assert.equal(await second.page.locator('#deskbell').count(), 1);
    }));

test('a file from the disk can carry the chat', () => {
    const folder = mkdtempSync(join(tmpdir(), 'deskbell-file-'));
    const file = join(folder, 'page.html');
    writeFileSync(file, page(tag(server.url, token)));
    return visit({ '/': page('') }, async ({ open }) => talk(await open(pathToFileURL(file).href), 'from a file')).finally(() =>
        rmSync(folder, { recursive: true }),
    );
});

test('a page without an origin can carry the chat', () =>
    visit({ '/': page('') }, async ({ open }) => {
        const chat = await open('data:text/html,' + encodeURIComponent(page(tag(server.url, token))));
        assert.equal(await chat.page.evaluate(() => self.origin), 'null');
        await talk(chat, 'from nowhere');
    }));

test('where third parties may store nothing the conversation goes on in its tab, without a cookie', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'deskbell-profile-'));
    const site = await hostSite({ '/': page(tag(server.url, token)) }, { host: 'localhost' });
    const strict = await launchWithPreferences(folder, { profile: { block_third_party_cookies: true, cookie_controls_mode: 1 } });
    try {
        const tab = await strict.newPage();
        await tab.goto(site.url);
        const chat = new WidgetPage(tab);
        await chat.open();
        await talk(chat, 'nothing may be stored');
        const frame = tab.frames().find((f) => f.url().startsWith(server.url));
        const denied = await frame.evaluate(() => {
            try {
                return !localStorage;
            } catch {
                return true;
            }
        });
        assert.ok(denied, 'the browser denies the frame its storage');
        await tab.evaluate(() => document.body.replaceWith(document.createElement('body')));
        await chat.waitForTexts(['nothing may be stored']);
        assert.deepEqual(await strict.cookies(), []);
    } finally {
        await strict.close();
        await site.stop();
        rmSync(folder, { recursive: true, force: true });
    }
});
