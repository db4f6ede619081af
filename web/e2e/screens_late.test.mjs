// The screens and tools that come when they are first wanted, over a network that brings them late or not at once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchBrowser } from './browser.mjs';
import { TestServer } from './server.mjs';
import { shot, until, visit as visitWith } from './visit.mjs';

const agreement = { consent_required: true, consent_text: 'I agree that what I write is kept.', consent_url: 'https://shop.example/privacy' };
let server;
let browser;

before(async () => {
    server = await TestServer.start();
    browser = await launchBrowser();
});
after(async () => {
    await browser?.close();
    await server?.remove();
});

const inbox = (channel) => server.api('PATCH', `/inboxes/${server.inbox.id}`, { channel });
const visit = (run, options) => visitWith(browser, server.url + '/demo', run, options);

/** The files whose names match fail until `lost` of them have; counts how often they were asked for. */
async function losing(context, name, lost) {
    const asked = { times: 0 };
    await context.route((url) => url.pathname.startsWith('/widget/') && name.test(url.pathname), (route) => (++asked.times > lost ? route.continue() : route.abort()));
    return asked;
}

/** The files whose names match come only when `release()` is called. */
async function holding(context, name) {
    let release;
    const released = new Promise((resolve) => (release = resolve));
    await context.route((url) => url.pathname.startsWith('/widget/') && name.test(url.pathname), async (route) => {
        await released;
        await route.continue();
    });
    return release;
}

/** Asks for the form of an inbox that wants an agreement, and looks what stands there. */
async function formVisit(run) {
    await inbox(agreement);
    try {
        await visit(async (openPage, context) => {
            const chat = await openPage();
            await chat.launcher.click();
            await chat.connected();
            await run(chat, context, async () => {
                await chat.press('Send us a message');
                await chat.onScreen('form');
            });
        });
    } finally {
        await inbox({ consent_required: false });
    }
}
const focused = (chat, css) => until(`the focus on ${css}`, () => chat.frame.locator(css).evaluate((e) => e === document.activeElement));

for (const [what, name] of [['the form', /\/screens-/], ['its texts', /\/more-en-/], ['all that it needs', /\/(screens|more-en|chunk)-/]]) {
    test(`${what} lost on the way: that is said, it is asked for again, and the chat can begin`, async () => {
        await formVisit(async (chat, context, begin) => {
            const asked = await losing(context, name, 2);
            await begin();
            await chat.banner.getByText('This could not be loaded. Trying again…').waitFor();
            await shot(chat.page, 'form-lost');
            await chat.frame.locator('form.page').getByLabel('Message').fill('It came after all');
            assert.ok(asked.times > 2);
            await chat.banner.getByText('This could not be loaded.').waitFor({ state: 'detached' });
            await chat.frame.getByLabel('I agree that').check();
            await chat.press('Start the chat');
            await chat.waitForMessage('It came after all', { state: 'sent' });
        });
    });
}

test('a form that takes its time: it says that it loads, the way back works, and it does not come where it is no longer wanted', async () => {
    await formVisit(async (chat, context, begin) => {
        const release = await holding(context, /\/screens-/);
        await begin();
        await chat.frame.locator('.stage').getByText('Loading…').waitFor();
        await shot(chat.page, 'form-slow');
        await focused(chat, 'h1');
        await chat.press('Back');
        await chat.onScreen('home');
        release();
        await until('the form to be there', async () => (await chat.inside()).evaluate(() => performance.getEntriesByType('resource').some((e) => /\/screens-/.test(e.name))));
        await chat.frame.getByRole('button', { name: 'Send us a message' }).waitFor();
        assert.equal(await chat.frame.locator('form.page').count(), 0);
        assert.equal(await chat.frame.locator('html').getAttribute('data-screen'), 'home');
        await begin();
        await focused(chat, 'form.page textarea');
        assert.equal(await chat.frame.getByText('Loading…').count(), 0);
    });
});

test('the first screen and the thread are asked for again, and not all the time', async () => {
    await visit(async (openPage, context) => {
        const lost = await losing(context, /\/(home|log)-/, 8);
        const chat = await openPage();
        await chat.launcher.click();
        await chat.connected();
        await chat.banner.getByText('This could not be loaded. Trying again…').waitFor();
        const began = Date.now();
        const before = lost.times;
        await until('a third attempt', () => lost.times >= before + 3);
        const gone = Date.now() - began;
        // Pauses of 0.5, 1, 2, 4 … s, half of them at least.
        assert.ok(lost.times - before <= 2 + Math.log2(1 + gone / 250), `${lost.times - before} attempts in ${gone} ms`);
        await chat.write('Written above an empty screen');
        await context.unrouteAll({ behavior: 'ignoreErrors' });
        await (await chat.inside()).evaluate(() => dispatchEvent(new Event('online')));
        await chat.waitForMessage('Written above an empty screen', { state: 'sent' });
        await chat.press('Back');
        await chat.frame.getByText('Continue the conversation').waitFor();
    });
});

test('the menu, the list of conversations and the emoji open once they could be had', async () => {
    await visit(async (openPage, context) => {
        const chat = await openPage();
        await chat.open();
        await chat.connected();
        const lost = {};
        for (const part of ['screens', 'emoji', 'composer_extras']) lost[part] = await losing(context, new RegExp(`/${part}-`), 1);
        await chat.write('One to look back at');
        await chat.waitForMessage('One to look back at', { state: 'sent' });
        await chat.press('Emoji');
        await chat.frame.locator('.board').waitFor();
        await chat.page.keyboard.press('Escape');
        await chat.choose('Your conversations');
        await chat.frame.locator('.pasts').getByText('One to look back at').waitFor();
        assert.deepEqual(Object.values(lost).map((l) => l.times > 1), [true, true, true]);
    });
});

test('what was asked for and came much too late does not pop up by itself, but opens at the next press', async () => {
    await visit(async (openPage, context) => {
        const chat = await openPage();
        await chat.open();
        await chat.connected();
        await chat.write('With a menu');
        await chat.waitForMessage('With a menu', { state: 'sent' });
        const release = await holding(context, /\/screens-/);
        await chat.press('More');
        await chat.page.waitForTimeout(5200);
        release();
        await until('the menu to be there', async () => (await chat.inside()).evaluate(() => performance.getEntriesByType('resource').some((e) => /\/screens-/.test(e.name))));
        await chat.page.waitForTimeout(200);
        assert.equal(await chat.frame.getByRole('menu').count(), 0);
        await chat.press('More');
        await chat.frame.getByRole('menu').waitFor();
    });
});
