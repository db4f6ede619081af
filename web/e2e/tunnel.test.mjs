// A conversation through bad lines: whatever happens at whichever step, nothing is lost, doubled or out of order,
// and what the visitor is told about a message is true.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launchBrowser } from './browser.mjs';
import { TestServer } from './server.mjs';
import { Tunnel } from './tunnel_proxy.mjs';
import { until, visit as visitWith } from './visit.mjs';

let server;
let browser;
const pause = (ms) => new Promise((r) => setTimeout(r, ms));

before(async () => {
    server = await TestServer.start();
    browser = await launchBrowser();
});
after(async () => {
    await browser?.close();
    await server?.remove();
});

const troubles = {
    cut: async (tunnel) => tunnel.cut(),
    'cut and down for a while': async (tunnel) => {
        tunnel.down = true;
        tunnel.cut();
        await pause(700);
        tunnel.down = false;
    },
    'held, then cut': async (tunnel) => {
        tunnel.held = true;
        await pause(500);
        tunnel.cut();
        tunnel.held = false;
    },
    throttled: async (tunnel) => {
        tunnel.rate = 4000;
    },
    reordered: async (tunnel) => {
        tunnel.delay = () => Math.random() * 400;
        tunnel.cut();
    },
};

/** Keeps what each own message said of itself, in order. */
const watchStates = (frame) =>
    frame.evaluate(() => {
        const said = (window.said = {});
        const note = () => {
            for (const row of document.querySelectorAll('[data-dir=in]')) {
                const text = row.querySelector('.words')?.textContent;
                const states = (said[text] ??= []);
                if (states.at(-1) !== row.dataset.state) states.push(row.dataset.state);
            }
        };
        new MutationObserver(note).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-state'] });
        note();
    });

/** A conversation with this trouble at every step. */
async function converse(name, trouble) {
    const tunnel = await Tunnel.to(server.port);
    try {
        await visitWith(browser, tunnel.url + '/demo', async (openPage) => {
            const chat = await openPage();
            await chat.open();
            await chat.connected();
            const element = await chat.page.waitForSelector('#deskbell iframe');
            const frame = await element.contentFrame();
            await frame.waitForSelector('.log', { state: 'attached', timeout: 20000 }).catch(() => undefined);
            await watchStates(frame);
            const first = `${name}: 1`;
            const texts = [first];
            const own = [first];
            // Before, in the middle of, and right after a message of the visitor's.
            await trouble(tunnel);
            await chat.write(first);
            await chat.waitForMessage(first, { state: 'sent', timeout: 60000 });
            const conversation = await server.conversationWith(first);
            for (let step = 2; step <= 3; step++) {
                const mine = `${name}: ${step}`;
                own.push(mine);
                texts.push(mine);
                await chat.write(mine);
                await trouble(tunnel);
                await chat.waitForMessage(mine, { state: 'sent', timeout: 60000 });
                // While an answer comes.
                const reply = `answer ${step}`;
                texts.push(reply);
                await Promise.all([trouble(tunnel), until('the answer is stored', () => server.reply(conversation, reply).catch(() => false))]);
                await chat.waitForMessage(reply, { timeout: 60000 });
            }
            // Several at once, with the trouble among them.
            for (const last of ['4', '5', '6']) {
                own.push(`${name}: ${last}`);
                texts.push(`${name}: ${last}`);
                await chat.write(texts.at(-1));
                if (last === '5') await trouble(tunnel);
            }
            await chat.waitForTexts(texts, { timeout: 60000 });
            assert.deepEqual(await server.incoming(conversation), own);
            const said = await frame.evaluate(() => window.said);
            for (const text of own) {
                const states = said[text] ?? [];
                assert.equal(states.at(-1), 'sent', text);
                assert.ok(states.slice(0, -1).every((s) => s === 'sending' || s === 'waiting'), `${text}: ${states}`);
            }
            await chat.page.reload();
            await chat.open();
            await chat.waitForTexts(texts, { timeout: 60000 });
        });
    } finally {
        await tunnel.stop();
    }
}

const truth = 'at every step: nothing lost, nothing doubled, in order, and told truly';

// Each has a line and a visitor of its own, and mostly waits.
describe('one line is bad', { concurrency: 3 }, () => {
    for (const [name, trouble] of Object.entries(troubles)) test(`${name}, ${truth}`, () => converse(name, trouble));
});

test(`server killed and started again, ${truth}`, () =>
    converse('server killed', async () => {
        await server.kill();
        await server.serve();
    }));

test('what the page says of a conversation goes with its first message, though the session is slow and the visitor is not', async () => {
    const tunnel = await Tunnel.to(server.port);
    await server.api('POST', '/labels', { title: 'slow', color: '#112233', show_on_sidebar: true });
    const prepare = (context) => context.on('request', (r) => {
        if (r.url().endsWith('/w/v1/session')) tunnel.held = true;
    });
    try {
        await visitWith(browser, tunnel.url + '/demo', async (openPage) => {
            const chat = await openPage();
            await chat.page.evaluate(() => window.$deskbell.setConversationCustomAttributes({ order: '42' }));
            await chat.open();
            await until('the session is asked for', () => tunnel.held);
            await chat.page.evaluate(() => window.$deskbell.setLabel('slow'));
            await chat.write('Faster than the session');
            await chat.page.evaluate(() => window.$deskbell.setConversationCustomAttributes({ gift: true }));
            tunnel.held = false;
            await chat.waitForMessage('Faster than the session', { state: 'sent' });
            const id = await server.conversationWith('Faster than the session');
            const { custom_attributes, labels } = await until('all of it', async () => {
                const found = await server.api('GET', `/conversations/${id}`);
                return found.custom_attributes.gift && found;
            }, 10000);
            assert.deepEqual(custom_attributes, { order: '42', gift: true });
            assert.deepEqual(labels, ['slow']);
        }, { prepare });
    } finally {
        await tunnel.stop();
    }
});
