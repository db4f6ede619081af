import assert from 'node:assert/strict';
import test from 'node:test';
import type { Chat } from '../src/state/chat';
import type { Store } from '../src/state/storage';
import { Browser } from './browser';
import { Clock, FakeServer, dice } from './world';

function setUp(seed = 1): { clock: Clock; server: FakeServer; browser: Browser } {
    const clock = new Clock();
    const server = new FakeServer();
    return { clock, server, browser: new Browser(clock, server, dice(seed)) };
}

const bodies = (chat: Chat): string[] => chat.thread.list().map((m) => m.body);

test('a message is kept until the server has it', async () => {
    const { server, browser } = setUp();
    const chat = browser.open();
    chat.send('hello', []);
    assert.equal(chat.outbox.list().length, 1);
    await server.work();
    assert.equal(chat.outbox.list().length, 0);
    assert.deepEqual(server.stored.map((r) => r.body), ['hello']);
    assert.deepEqual(bodies(chat), ['hello']);
});

test('a lost answer is asked for again under the same name and nothing is doubled', async () => {
    const { clock, server, browser } = setUp();
    const chat = browser.open();
    await server.work();
    let cuts = 0;
    server.cut = (where) => where === 'after' && cuts++ === 0;
    chat.send('once', []);
    await server.work();
    assert.equal(server.stored.length, 1);
    await clock.advance(2_000);
    await server.work();
    assert.deepEqual(server.stored.map((r) => r.body), ['once']);
    assert.deepEqual(bodies(chat), ['once']);
    assert.equal(chat.outbox.list().length, 0);
});

test('no answer within 15 s renews the connection', async () => {
    const { clock, server, browser } = setUp();
    const chat = browser.open();
    await server.work();
    server.sockets[0]!.heard = () => undefined;
    chat.send('into the void', []);
    await clock.advance(15_000);
    await server.work();
    await clock.advance(2_000);
    await server.work();
    assert.deepEqual(server.stored.map((r) => r.body), ['into the void']);
});

test('a reload in mid-send loses nothing and doubles nothing', async () => {
    for (const where of ['before', 'after'] as const) {
        const { clock, server, browser } = setUp();
        const first = browser.open();
        await server.work();
        server.cut = (w) => w === where;
        first.send('one', []);
        first.send('two', []);
        await server.work();
        browser.tabs.delete(first);
        server.lose();
        server.cut = () => false;
        const second = browser.open();
        await server.work();
        await clock.advance(1_000);
        await server.work();
        assert.deepEqual(server.stored.map((r) => r.body), ['one', 'two'], where);
        assert.deepEqual(bodies(second), ['one', 'two']);
        assert.equal(second.outbox.list().length, 0);
    }
});

test('a refusal is the visitor\'s to retry or to discard and does not hold up the rest', async () => {
    const { server, browser } = setUp();
    const chat = browser.open();
    await server.work();
    const refused = new Set<string>();
    server.refuse = (mid) => (refused.size === 0 || refused.has(mid) ? (refused.add(mid), { code: 'blocked' }) : null);
    chat.send('bad', []);
    chat.send('good', []);
    await server.work();
    assert.deepEqual(server.stored.map((r) => r.body), ['good']);
    const [entry] = chat.outbox.list();
    assert.equal(entry!.refused, 'blocked');
    server.refuse = null;
    chat.retry(entry!.mid);
    await server.work();
    assert.deepEqual(server.stored.map((r) => [r.id, r.body]).at(-1), [entry!.mid, 'bad']);
    chat.discard(entry!.mid);
    assert.equal(chat.outbox.list().length, 0);
});

test('a rate limit waits its time, in order', async () => {
    const { clock, server, browser } = setUp();
    const chat = browser.open();
    await server.work();
    let times = 2;
    server.refuse = () => (times-- > 0 ? { code: 'rate', ms: 4_000 } : null);
    chat.send('a', []);
    chat.send('b', []);
    await server.work();
    await clock.advance(3_900);
    await server.work();
    assert.equal(server.stored.length, 0);
    for (let i = 0; i < 4; i++) {
        await clock.advance(4_000);
        await server.work();
    }
    assert.deepEqual(server.stored.map((r) => r.body), ['a', 'b']);
});

test('too big a frame is refused for good instead of being tried for ever', async () => {
    const { clock, server, browser } = setUp();
    const chat = browser.open();
    await server.work();
    server.sockets[0]!.heard = () => server.sockets[0]!.fail(1009);
    chat.send('x'.repeat(10), []);
    await server.work();
    assert.equal(chat.outbox.list()[0]!.refused, 'too_long');
    await clock.advance(60_000);
    await server.work();
    assert.equal(server.stored.length, 0);
});

test('offline is said only after five seconds and taken back at once', async () => {
    const { clock, server, browser } = setUp();
    const chat = browser.open();
    await server.work();
    server.up = false;
    server.lose();
    await clock.advance(4_999);
    await server.work();
    assert.equal(chat.offline, false);
    await clock.advance(1);
    assert.equal(chat.offline, true);
    server.up = true;
    await clock.advance(30_000);
    await server.work();
    assert.equal(chat.live, true);
    assert.equal(chat.offline, false);
});

test('what was missed comes with the welcome, "full" replaces what was known', async () => {
    const { clock, server, browser } = setUp();
    const chat = browser.open();
    server.agent('first');
    await server.work();
    server.lose();
    server.agent('missed');
    await clock.advance(1_000);
    await server.work();
    assert.deepEqual(bodies(chat), ['first', 'missed']);
    assert.deepEqual(browser.arrived.map((m) => m.body), ['missed']);
    server.sockets[0]!.give({
        k: 'welcome', cur: '9', conv: [], full: true, rows: [{ t: 'message', id: 'z', conv: 'c9', n: 1, dir: 'out', body: 'only', at: 5 }],
    });
    assert.deepEqual(bodies(chat), ['only']);
});

test('an invalid token starts a new visitor and keeps the outbox', async () => {
    const { clock, server, browser } = setUp();
    browser.store.set('token', 'forged');
    browser.store.set('cfg', JSON.stringify({ at: clock.now, cfg: {} }));
    const chat = browser.open();
    chat.send('still here', []);
    await server.work();
    await clock.advance(100);
    await server.work();
    assert.equal(browser.store.get('token'), 'vt1.1');
    assert.deepEqual(server.stored.map((r) => r.body), ['still here']);
    assert.equal(chat.outbox.list().length, 0);
});

test('read marks go out only for what is on screen, and unread follows', async () => {
    const { server, browser } = setUp();
    const chat = browser.open();
    await server.work();
    server.agent('hi');
    server.agent('there');
    assert.equal(chat.thread.unread(), 2);
    chat.look(false);
    await server.work();
    assert.equal(server.conv.read_n, 0);
    chat.look(true);
    await server.work();
    assert.equal(server.conv.read_n, 2);
    assert.equal(chat.thread.unread(), 0);
    server.agent('seen at once');
    await server.work();
    assert.equal(server.conv.read_n, 3);
});

test('typing is told at most every four seconds and taken back', async () => {
    const { clock, server, browser } = setUp();
    const chat = browser.open();
    await server.work();
    const typing = (): boolean[] => server.sockets[0]!.sent.filter((f) => f.k === 'typing').map((f) => f.on);
    for (let i = 0; i < 30; i++) {
        chat.typed(true);
        await clock.advance(200);
    }
    assert.deepEqual(typing(), [true, true]);
    await clock.advance(5_000);
    assert.deepEqual(typing(), [true, true, false]);
});

test('an agent\'s typing goes away by itself after eight seconds, and with the message', async () => {
    const { clock, server, browser } = setUp();
    const chat = browser.open();
    await server.work();
    server.sockets[0]!.give({ k: 'typing', who: 'Sara', on: true });
    assert.equal(chat.typing, 'Sara');
    await clock.advance(8_000);
    assert.equal(chat.typing, null);
    server.sockets[0]!.give({ k: 'typing', who: 'Sara', on: true });
    server.agent('done');
    assert.equal(chat.typing, null);
});

test('two tabs are one visitor and show the same', async () => {
    const { server, browser } = setUp();
    const a = browser.open();
    const b = browser.open();
    await server.work();
    assert.equal(a.token, b.token);
    a.send('from a', []);
    b.send('from b', []);
    await server.work();
    assert.deepEqual(bodies(a), ['from a', 'from b']);
    assert.deepEqual(bodies(b), bodies(a));
});

test('tabs, cuts, reloads and restarts in any order: nothing lost, nothing doubled, order kept', async () => {
    const base = Number(process.env.DESKBELL_SEED ?? Math.floor(Date.now() % 1e9));
    console.log(`seed ${base}`);
    for (let round = 0; round < 30; round++) {
        const seed = base + round;
        const random = dice(seed);
        const { clock, server, browser } = setUp(seed);
        const tabs = [browser.open(), browser.open()];
        const written: string[] = [];
        server.cut = () => random() < 0.15;
        for (let step = 0; step < 60; step++) {
            const which = random() < 0.5 ? 0 : 1;
            const act = random();
            if (act < 0.4) {
                const body = `m${written.length}`;
                written.push(body);
                tabs[which]!.send(body, []);
            } else if (act < 0.5) {
                server.lose(random() < 0.5 ? 1006 : 4013);
            } else if (act < 0.58) {
                server.up = !server.up;
                if (!server.up) server.lose();
            } else if (act < 0.66) {
                browser.tabs.delete(tabs[which]!);
                server.lose();
                tabs[which] = browser.open();
            } else if (act < 0.72) {
                server.agent(`agent ${step}`);
            }
            await clock.advance(Math.floor(random() * 3_000));
            if (random() < 0.8) await server.work();
        }
        server.up = true;
        server.cut = () => false;
        for (let i = 0; i < 40; i++) {
            await clock.advance(2_000);
            await server.work();
        }
        const mine = server.stored.filter((r) => r.dir === 'in').map((r) => r.body);
        assert.deepEqual(mine, written, `seed ${seed}`);
        for (const tab of tabs) {
            assert.deepEqual(bodies(tab), server.stored.map((r) => r.body), `seed ${seed}`);
            assert.equal(tab.outbox.list().length, 0, `seed ${seed}`);
        }
    }
});

test('an answer that comes after the visitor became another is nobody\'s', async () => {
    for (const kind of ['become', 'reset'] as const) {
        const { server, browser } = setUp();
        server.tokens.set('handed-over', 'visitor-before');
        const ask = server.startSession;
        let late: () => void = () => undefined;
        server.startSession = async (token) => {
            const reply = await ask(token);
            if (server.sessions === 1) await new Promise<void>((resolve) => (late = resolve));
            return reply;
        };
        const chat = browser.open();
        await server.work();
        if (kind === 'become') chat.become('handed-over');
        else chat.reset();
        await server.work();
        late();
        await server.work();
        const token = browser.store.get('token');
        assert.equal(token, kind === 'become' ? 'handed-over' : 'vt1.2');
        chat.send('hello', []);
        await server.work();
        const greeted = server.sockets.flatMap((socket) => socket.sent.filter((frame) => frame.k === 'hello').map((frame) => frame.token));
        assert.deepEqual(greeted, [token], kind);
        assert.deepEqual(bodies(chat), ['hello']);
    }
});
