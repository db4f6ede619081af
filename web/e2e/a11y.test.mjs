// What the widget is to people who cannot see it, or see it large, dark, or from right to left; or who have no mouse.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { launchBrowser } from './browser.mjs';
import { everything, walkScreens } from './screen_walk.mjs';
import { TestServer } from './server.mjs';
import { startSite } from './site.mjs';
import { shot, until, visit as visitWith } from './visit.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let server;
let browser;

before(async () => {
    server = await TestServer.start();
    await server.api('PATCH', `/inboxes/${server.inbox.id}`, everything);
    browser = await launchBrowser({}, ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']);
});
after(async () => {
    await browser?.close();
    await server?.remove();
});

/** What axe finds in a frame, or in a part of a page. */
async function violations(frame, part) {
    await frame.evaluate(axe);
    return frame.evaluate(async (part) => {
        const { violations } = await window.axe.run(part ? { include: part } : document, { resultTypes: ['violations'], iframes: false });
        return violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target} ${n.failureSummary}`).join(' | ')}`);
    }, part);
}

const modes = [
    ['light', '', {}],
    ['dark', 'data-theme="dark"', {}],
    ['from right to left', 'data-locale="ar"', {}],
    ['at 400 % zoom', '', { viewport: { width: 320, height: 256 } }],
    ['on a phone, dark, from right to left', 'data-locale="he" data-theme="dark"', { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true }],
];
// Each is a visitor of its own, and half of the time waits.
describe('every screen', { concurrency: 3 }, () => {
    for (const [name, attributes, options] of modes) {
        test(`is sound for assistive technology, ${name}`, async () => {
            const site = await startSite(server.url, server.inbox.website_token, { attributes });
            const found = [];
            try {
                await visitWith(browser, site.url, async (openPage) => {
                    const { page } = await openPage();
                    await page.locator('#deskbell button').first().click();
                    await walkScreens(server, page, `A11y ${name}`, async (screen, frame) => {
                        await shot(page, `${name.replaceAll(/\W+/g, '-')}-${screen}`);
                        for (const v of await violations(frame)) found.push(`${screen}: ${v}`);
                        const wide = await frame.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
                        if (wide > 0) found.push(`${screen}: ${wide} px stick out sideways`);
                    });
                }, options);
            } finally {
                await site.stop();
            }
            assert.deepEqual(found, []);
        });
    }
});

test('the launcher, its number, and a teaser are sound on their page; so is the window of its own', async () => {
    const found = [];
    const inMode = async ([name, attributes, options]) => {
        const site = await startSite(server.url, server.inbox.website_token, { attributes: `${attributes} data-preload="true"` });
        const prepare = (context) => context.route('**/w/v1/session', async (route) => {
            const response = await route.fetch();
            const json = await response.json();
            json.cfg.campaigns = [{ id: '7', message: 'May I help with lamps?', sender: { name: 'Sara', avatar: null }, trigger_rules: { url: '*', time_on_page: 0 } }];
            await route.fulfill({ response, json });
        });
        await visitWith(browser, site.url, async (openPage, context) => {
            const { page } = await openPage();
            const look = async (what, where, part) => {
                for (const v of await violations(where, part)) found.push(`${name}, ${what}: ${v}`);
            };
            await page.locator('#deskbell button').first().waitFor();
            await look('launcher', page, '#deskbell');
            await page.locator('#deskbell aside').waitFor();
            await look('teaser', page, '#deskbell');
            const [window] = await Promise.all([
                context.waitForEvent('page'),
                page.evaluate(() => addEventListener('click', () => window.$deskbell.popoutChatWindow(), { once: true })).then(() => page.locator('h1').click({ force: true })),
            ]);
            await window.locator('html[data-link="live"]').waitFor({ state: 'attached' });
            await window.locator('.home').waitFor();
            await look('window', window);
        }, { ...options, prepare }).finally(() => site.stop());
    };
    for (const mode of modes) await inMode(mode);
    assert.deepEqual(found, []);
});

test('the builder is sound, light, dark, at 400 % zoom and on a phone', async () => {
    const found = [];
    const dresses = [['light', {}], ['dark', { colorScheme: 'dark' }], ['zoom', { viewport: { width: 320, height: 256 } }], ['German phone', { locale: 'de-DE', viewport: { width: 360, height: 740 } }], ['right to left', { locale: 'ar' }]];
    await Promise.all(dresses.map(async ([name, options]) => {
        await visitWith(browser, `${server.url}/builder?website_token=${server.inbox.website_token}`, async (openPage) => {
            const { page } = await openPage();
            await page.frameLocator('#stage iframe').locator('#deskbell button').first().waitFor({ state: 'attached' });
            for (const v of await violations(page)) found.push(`${name}: ${v}`);
            for (let i = 1; i < (await page.getByRole('tab').count()); i++) {
                await page.getByRole('tab').nth(i).click();
                for (const v of await violations(page)) found.push(`${name}, tab ${i}: ${v}`);
            }
            if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) found.push(`${name}: sticks out sideways`);
        }, options);
    }));
    assert.deepEqual(found, []);
});

test('with the keyboard alone: form, choices, menu and back, and the focus goes where one would look', () =>
    visitWith(browser, server.url + '/demo', async (openPage) => {
        const chat = await openPage();
        const { page } = chat;
        const { keyboard } = page;
        await chat.launcher.waitFor();
        await chat.launcher.focus();
        await keyboard.press('Enter');
        const element = await page.waitForSelector('#deskbell iframe');
        const frame = await element.contentFrame();
        const focused = () => frame.evaluate(() => {
            const e = document.activeElement;
            return e.getAttribute('name') || e.getAttribute('aria-label') || e.textContent.trim();
        });
        const focusIs = (what) => until(`the focus on ${what}`, async () => (await focused()) === what);
        await frame.locator('.begin').waitFor();
        const seen = [];
        for (let i = 0; i < 8 && !(await focused()).startsWith('Send us a message'); i++) {
            await keyboard.press('Tab');
            seen.push(await focused());
        }
        await focusIs('Send us a message');
        await keyboard.press('Enter');
        await focusIs('fullName');
        await keyboard.type('Mara');
        await keyboard.press('Tab');
        await focusIs('emailAddress');
        await keyboard.type('nobody');
        await keyboard.press('Enter');
        await focusIs('emailAddress');
        await frame.getByText('This does not look like an email address.').waitFor();
        assert.equal(await frame.locator('[name=emailAddress]').getAttribute('aria-invalid'), 'true');
        await keyboard.type('@example.com');
        await keyboard.press('Tab');
        await focusIs('plan');
        await keyboard.type('P');
        await keyboard.press('Tab');
        await focusIs('order');
        await keyboard.press('Tab');
        await keyboard.type('By keyboard');
        await keyboard.press('Tab');
        await keyboard.press('Space');
        await keyboard.press('Tab');
        await focusIs('Read more');
        await keyboard.press('Tab');
        await focusIs('Start the chat');
        await keyboard.press('Enter');
        await focusIs('Message');
        await chat.waitForMessage('By keyboard', { state: 'sent' });
        for (let i = 0; i < 6 && (await focused()) !== 'More'; i++) await keyboard.press('Shift+Tab');
        await focusIs('More');
        await keyboard.press('Enter');
        await frame.getByRole('menu').waitFor();
        await keyboard.press('ArrowDown');
        await keyboard.press('Escape');
        await focusIs('More');
        await keyboard.press('Shift+Tab');
        await focusIs('Back');
        await keyboard.press('Enter');
        await frame.locator('html[data-screen="home"]').waitFor({ state: 'attached' });
        await until('the focus on the way on', async () => (await focused()).includes('Continue the conversation'));
        await keyboard.press('Escape');
        await until('the chat closed', async () => (await chat.launcher.getAttribute('aria-expanded')) === 'false');
    }));

test('with the keyboard alone: an answer, a file, a copy by mail, the past, the end and its rating', async () => {
    await server.api('PATCH', `/inboxes/${server.inbox.id}`, { channel: { pre_chat_form_enabled: false, consent_required: false } });
    await visitWith(browser, server.url + '/demo', async (openPage) => {
        const chat = await openPage();
        const { keyboard } = chat.page;
        await chat.open();
        await chat.write('Keys only');
        await chat.waitForMessage('Keys only', { state: 'sent' });
        const id = await server.conversationWith('Keys only');
        await server.reply(id, 'Answer me');
        await chat.waitForMessage('Answer me');
        const frame = await chat.inside();
        const focused = () => frame.evaluate(() => {
            const e = document.activeElement;
            return e.getAttribute('aria-label') || e.closest('label')?.textContent.trim() || e.labels?.[0]?.textContent.trim() || e.textContent.trim();
        });
        const focusIs = (what) => until(`the focus on ${what}`, async () => (await focused()) === what);
        const tabTo = async (what, key = 'Tab') => {
            const passed = [];
            for (let i = 0; i < 25; i++) {
                await keyboard.press(key);
                passed.push(await focused());
                if (passed.at(-1) === what) return;
            }
            throw new Error(`never at ${what}, but at ${passed.join(' | ')}`);
        };
        const choose = async (n) => {
            if ((await focused()) !== 'More') await tabTo('More', 'Shift+Tab');
            await keyboard.press('Enter');
            await frame.getByRole('menu').waitFor();
            for (let i = 0; i < n; i++) await keyboard.press('ArrowDown');
            await keyboard.press('Enter');
        };
        await tabTo('Reply to this message', 'Shift+Tab');
        await keyboard.press('Enter');
        await focusIs('Message');
        await tabTo('Do not reply to that message', 'Shift+Tab');
        await keyboard.press('Enter');
        await focusIs('Message');
        assert.equal(await frame.locator('.quote').isVisible(), false);
        await chat.attach({ name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('1') });
        await frame.locator('.chip[data-state="done"]').waitFor();
        await focusIs('Message');
        await tabTo('Remove plan.txt', 'Shift+Tab');
        await keyboard.press('Enter');
        await focusIs('Message');
        // Nothing behind a dialog has the focus, Escape leaves it, and the focus goes back to where it was opened.
        await choose(1);
        await focusIs('Email address');
        const rounds = [];
        for (let i = 0; i < 2; i++) {
            await keyboard.press('Tab');
            rounds.push(await focused());
        }
        assert.deepEqual(rounds, ['Send the email', 'Cancel']);
        await keyboard.press('Shift+Tab');
        await keyboard.press('Shift+Tab');
        await keyboard.press('Shift+Tab');
        assert.ok(await frame.evaluate(() => document.activeElement === document.body || !!document.activeElement.closest('dialog')), 'nothing behind the dialog is reached');
        await tabTo('Cancel');
        await keyboard.press('Escape');
        await focusIs('More');
        await choose(1);
        await focusIs('Email address');
        await keyboard.type('mara@example.com');
        await keyboard.press('Enter');
        await focusIs('Done');
        assert.match(await frame.locator('dialog [role=status]').textContent(), /on its way to mara@example\.com/);
        await keyboard.press('Enter');
        await focusIs('More');
        await choose(3);
        await frame.locator('html[data-screen="history"]').waitFor({ state: 'attached' });
        await focusIs('Your conversations');
        await frame.locator('.pasts button').first().waitFor();
        await keyboard.press('Tab');
        await keyboard.press('Enter');
        await frame.locator('html[data-screen="chat"]').waitFor({ state: 'attached' });
        await focusIs('Message');
        await choose(2);
        await until('the dialog', () => frame.evaluate(() => !!document.activeElement.closest('dialog')));
        if ((await focused()) !== 'End the conversation') await tabTo('End the conversation');
        await keyboard.press('Enter');
        await until('the dialog left', async () => (await frame.locator('dialog').count()) === 0);
        await frame.locator('.rating').waitFor();
        await frame.locator('.rating input').first().waitFor({ state: 'attached' });
        for (let i = 0; i < 25 && !(await frame.evaluate(() => document.activeElement.type === 'radio')); i++) await keyboard.press('Shift+Tab');
        await keyboard.press('Space');
        await keyboard.press('ArrowRight');
        await tabTo('Would you like to say more?');
        await keyboard.type('By keys');
        await keyboard.press('Tab');
        await keyboard.press('Enter');
        await until('thanks, said aloud', async () => (await frame.locator('.rating [role=status]').textContent()) === 'Thank you!');
        const stored = (await server.messages(id)).find((m) => m.content_type === 'input_csat');
        assert.equal(stored.content_attributes.submitted_values.csat_survey_response.feedback_message, 'By keys');
    });
});

test('what happens is announced: new messages once and whole, typing, a lost connection', () =>
    visitWith(browser, server.url + '/demo', async (openPage) => {
        await server.api('PATCH', `/inboxes/${server.inbox.id}`, { channel: { pre_chat_form_enabled: false, consent_required: false } });
        const chat = await openPage();
        await chat.open();
        await chat.write('Announce');
        await chat.waitForMessage('Announce', { state: 'sent' });
        const element = await chat.page.waitForSelector('#deskbell iframe');
        const frame = await element.contentFrame();
        await until('the log is quiet no more', async () => (await frame.locator('[role=log]').getAttribute('aria-busy')) === null);
        await frame.evaluate(() => {
            window.spoken = [];
            new MutationObserver((changes) => {
                for (const c of changes) for (const n of c.addedNodes) if (n.nodeType === 1 && n.matches?.('.row')) window.spoken.push(n.textContent);
            }).observe(document.querySelector('[role=log]'), { childList: true });
        });
        const conversation = await server.conversationWith('Announce');
        await server.reply(conversation, 'First');
        await server.reply(conversation, 'Second');
        for (const text of ['First', 'Second']) await chat.waitForMessage(text);
        // What the desk says by itself while it is closed is announced as well.
        const spoken = (await frame.evaluate(() => window.spoken)).filter((s) => /: (First|Second)/.test(s));
        assert.deepEqual(spoken.map((s) => s.match(/: (First|Second)/)?.[1]), ['First', 'Second']);
        assert.match(spoken[0], /^\W*\w*\W*.*Sara Lind: First/);
        assert.equal(await frame.locator('[role=log]').getAttribute('aria-live'), 'polite');
        await server.kill();
        await until('the banner', async () => /\S/.test(await frame.locator('.banner[role=status]').textContent()));
        await server.serve();
    }));
