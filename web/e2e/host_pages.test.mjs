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
import { shot, until, visit as visitWith } from './visit.mjs';
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

/** Visits a site made of these pages as a new visitor; `asked` is what of the server was asked for. */
const visit = (pages, run, { context: options, host } = {}) =>
    visitWith(browser, { pages, host }, (open, context, site) => run({
        open, context, site, asked: () => site.asked.filter((u) => u.origin === server.url).map((u) => u.pathname),
    }), options);

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
            assert.deepEqual(asked(), [script]);
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

test('a page that moves by the history API tells where the visitor is, without query and fragment', () =>
    visit({ '/': page(tag(server.url, token)) }, async ({ open, site }) => {
        const chat = await open();
        const sent = [];
        chat.page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(JSON.parse(payload))));
        await talk(chat, 'wandering');
        await chat.page.evaluate(() => {
            history.pushState(null, '', '/shop/lamp?session=secret#part');
            document.title = 'A lamp';
        });
        const told = await until('the page', () => sent.find((f) => f.k === 'page'));
        assert.deepEqual({ url: told.url, title: told.title }, { url: site.url + 'shop/lamp', title: 'A lamp' });
        await chat.page.evaluate(() => history.back());
        await until('the way back', () => sent.filter((f) => f.k === 'page').at(-1).url === site.url);
        assert.equal(await chat.launcher.getAttribute('aria-expanded'), 'true');
        assert.doesNotMatch(JSON.stringify(sent), /secret/);
    }));

/** The server's answers, with these campaigns in them. */
const withCampaigns = (context, campaigns) =>
    context.route('**/w/v1/session', async (route) => {
        const response = await route.fetch();
        const json = await response.json();
        json.cfg.campaigns = campaigns;
        await route.fulfill({ response, json });
    });

test('a campaign shows beside the launcher on its page, opens the chat, and once dismissed leaves one alone', () =>
    visit({ '/': page(tag(server.url, token, 'data-preload="true"')) }, async ({ open, context, site }) => {
        const sender = { name: 'Sara', avatar: null };
        await withCampaigns(context, [
            { id: '1', message: 'Not here', sender, trigger_rules: { url: 'https://elsewhere.example/*', time_on_page: 0 } },
            { id: '2', message: 'Can I help with lamps?', sender, trigger_rules: { url: '*/lamps', time_on_page: 1 } },
        ]);
        const chat = await open();
        const teaser = chat.page.getByRole('button', { name: 'Can I help with lamps?' });
        await chat.page.waitForTimeout(5000);
        assert.equal(await teaser.count(), 0);
        await chat.page.evaluate(() => history.pushState(null, '', '/lamps'));
        await teaser.waitFor();
        await shot(chat.page, 'campaign');
        assert.equal(await chat.page.getByRole('button', { name: 'Not here' }).count(), 0);
        await teaser.click();
        await chat.frame.getByText('Can I help with lamps?').first().waitFor();
        assert.equal(await chat.launcher.getAttribute('aria-expanded'), 'true');
        const second = await open(site.url + 'lamps');
        await second.page.getByRole('button', { name: 'Can I help with lamps?' }).waitFor();
        await second.page.getByRole('button', { name: /dismiss/i }).click();
        await second.page.reload();
        await second.page.waitForTimeout(6000);
        assert.equal(await second.page.getByRole('button', { name: 'Can I help with lamps?' }).count(), 0);
    }));

test('what is written in answer to a campaign says so, once', () =>
    visit({ '/': page(tag(server.url, token, 'data-preload="true"')) }, async ({ open, context }) => {
        await withCampaigns(context, [{ id: '5', message: 'New lamps are in', sender: null, trigger_rules: { url: '*', time_on_page: 0 } }]);
        const chat = await open();
        const sent = [];
        chat.page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(JSON.parse(payload))));
        await chat.page.getByRole('button', { name: 'New lamps are in' }).click();
        await chat.frame.getByText('New lamps are in').first().waitFor();
        for (const text of ['Show me', 'And another']) {
            await chat.write(text);
            await chat.waitForMessage(text, { state: 'sent' });
        }
        const starts = sent.filter((f) => f.k === 'send').map((f) => f.start?.campaign);
        assert.deepEqual(starts, ['5', undefined]);
    }));

test('launcher and teaser stand on the right side in the dark, on a phone and from right to left', async () => {
    for (const [name, lang, attributes, options] of [
        ['dark', 'en', 'data-theme="dark"', {}],
        ['phone', 'en', '', { viewport: { width: 360, height: 640 } }],
        ['rtl', 'ar', '', {}],
    ]) {
        await visit({ '/': page(tag(server.url, token, `${attributes} data-preload="true"`), { lang }) }, async ({ open, context }) => {
            const long = 'A long message for the visitor '.repeat(12) + 'unbreakable'.repeat(12);
            await withCampaigns(context, [{ id: '7', message: long, sender: { name: 'Somebody with a very long name indeed, even longer than that', avatar: null }, trigger_rules: { url: '*', time_on_page: 0 } }]);
            const chat = await open();
            const aside = chat.page.locator('#deskbell aside');
            await aside.waitFor();
            await shot(chat.page, `teaser-${name}`);
            const { width } = chat.page.viewportSize();
            const box = await aside.boundingBox();
            const card = await aside.locator('button').last().boundingBox();
            const launcher = await chat.page.locator('#deskbell button').first().boundingBox();
            assert.ok(box.x >= 0 && box.x + box.width <= width && card.x >= box.x - 1 && card.x + card.width <= box.x + box.width + 1, 'it fits');
            assert.equal(launcher.x < width / 2, name === 'rtl');
            assert.ok(await aside.locator('.away').evaluate((b) => b.getBoundingClientRect().width >= 44));
        }, { context: options });
    }
});

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
        await tab.reload();
        await chat.open();
        await chat.waitForTexts(['nothing may be stored']);
        assert.deepEqual(await strict.cookies(), []);
    } finally {
        await strict.close();
        await site.stop();
        rmSync(folder, { recursive: true, force: true });
    }
});
