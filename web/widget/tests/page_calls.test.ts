import assert from 'node:assert/strict';
import test from 'node:test';
import type { Bridge } from '../src/bridge';
import { PageCalls } from '../src/page_calls';
import type { Chat } from '../src/state/chat';
import { Browser } from './browser';
import { Clock, FakeServer, dice, settle } from './world';

interface Page {
    clock: Clock;
    server: FakeServer;
    chat: Chat;
    calls: PageCalls;
    /** What went to the server over HTTP: method, path, body. */
    asked: [string, string, any][];
}

/** A chat whose page makes calls; `session` holds its session back until it is called. */
async function page(run: (page: Page, session: () => void) => Promise<void>): Promise<void> {
    const server = new FakeServer();
    const clock = new Clock();
    const browser = new Browser(clock, server, dice(1));
    const asked: Page['asked'] = [];
    const before = globalThis.fetch;
    Object.assign(globalThis, {
        location: { href: 'https://desk.example/widget' },
        fetch: async (url: string, init: RequestInit) => {
            asked.push([init.method!, new URL(url).pathname, JSON.parse(String(init.body))]);
            return new Response('{}', { status: 200 });
        },
    });
    let session = (): void => undefined;
    const answer = server.startSession;
    server.startSession = async (token) => {
        await new Promise<void>((go) => (session = go));
        return answer(token);
    };
    try {
        const chat = browser.open();
        const calls = new PageCalls(chat, browser.store, { tell: () => undefined } as unknown as Bridge, 'site');
        browser.settled = async () => calls.settle();
        browser.changed = () => void calls.flush();
        await settle();
        await run({ clock, server, chat, calls, asked }, () => session());
    } finally {
        globalThis.fetch = before;
    }
}

/** The `start` of the first message that the server got. */
const start = (server: FakeServer): any => server.sockets.flatMap((s) => s.sent).find((f) => f.k === 'send')?.start;

test('what the page says before there is a session goes with the first message, though that was written earlier', () =>
    page(async ({ server, chat, calls }, session) => {
        calls.heard({ k: 'conversation', values: { order: '42' } });
        chat.send('first', []);
        calls.heard({ k: 'label', label: 'vip', on: true });
        session();
        await server.work();
        assert.deepEqual(start(server), { custom_attributes: { order: '42' }, labels: ['vip'] });
        assert.deepEqual(chat.beginning(), {}, 'and not with the next');
    }));

test('what the page says while the first message is on its way is told of the conversation that it began', () =>
    page(async ({ server, chat, calls, asked }, session) => {
        session();
        await server.work();
        server.cut = (where) => {
            if (where === 'before') calls.heard({ k: 'conversation', values: { order: '43' } });
            return false;
        };
        chat.send('first', []);
        await server.work();
        assert.equal(start(server)?.custom_attributes, undefined);
        assert.deepEqual(asked, [['PATCH', '/w/v1/conversations/c1', { custom_attributes: { order: '43' }, remove_custom_attributes: [], add_labels: [], remove_labels: [] }]]);
        assert.deepEqual(chat.beginning(), {});
    }));

test('a first message whose answer was lost tells what the page said in between of its conversation', () =>
    page(async ({ clock, server, chat, calls, asked }, session) => {
        session();
        await server.work();
        let lost = false;
        server.cut = (where) => where === 'after' && !lost && (lost = true);
        chat.send('first', []);
        await server.work();
        calls.heard({ k: 'conversation', values: { order: '44' } });
        await clock.advance(1000);
        await server.work();
        assert.deepEqual(server.stored.map((r) => r.body), ['first']);
        assert.deepEqual(asked.map(([, path, body]) => [path, body.custom_attributes]), [['/w/v1/conversations/c1', { order: '44' }]]);
    }));
