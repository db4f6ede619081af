import assert from 'node:assert/strict';
import test from 'node:test';
import { backoff } from '../src/protocol/backoff';
import { Link, type LinkState, type SessionReply } from '../src/protocol/link';
import { decodeSession } from '../src/protocol/decode';
import { uuid7 } from '../src/protocol/uuid';
import { Clock, FakeSocket, settle } from './world';

class Rig {
    clock = new Clock();
    sockets: FakeSocket[] = [];
    sessions: (string | null)[] = [];
    states: LinkState[] = [];
    frames: string[] = [];
    reply: SessionReply = { kind: 'ok', answer: decodeSession({ token: 'new', cur: 'c0', cfg: {}, rows: [] })! };
    random = 0.5;
    link = new Link(
        {
            now: () => this.clock.now,
            random: () => this.random,
            after: this.clock.after,
            cancel: this.clock.cancel,
            openSocket: () => {
                const socket = new FakeSocket();
                this.sockets.push(socket);
                return socket;
            },
            startSession: async (token) => {
                this.sessions.push(token);
                return this.reply;
            },
        },
        { state: (s) => this.states.push(s), session: () => undefined, frame: (f) => this.frames.push(f.k), lost: () => undefined },
    );

    get socket(): FakeSocket {
        return this.sockets[this.sockets.length - 1]!;
    }

    async live(): Promise<void> {
        this.link.start('old', true);
        await settle();
        this.welcome();
    }

    welcome(): void {
        this.socket.open();
        this.socket.give({ k: 'welcome', cur: 'c1', rows: [] });
    }
}

test('a first visit asks for a session, then greets with its token and cursor', async () => {
    const rig = new Rig();
    rig.link.start(null, false);
    await settle();
    rig.socket.open();
    assert.deepEqual(rig.sessions, [null]);
    assert.deepEqual(rig.socket.sent, [{ k: 'hello', token: 'new', cur: 'c0' }]);
    rig.socket.give({ k: 'welcome', cur: 'c1', rows: [] });
    assert.deepEqual(rig.states, ['session', 'connecting', 'live']);
    assert.equal(rig.link.cur, 'c1');
});

test('a known visitor needs the socket alone', async () => {
    const rig = new Rig();
    await rig.live();
    assert.deepEqual(rig.sessions, []);
    assert.equal(rig.link.state, 'live');
});

test('the cursor follows every frame that carries one', async () => {
    const rig = new Rig();
    await rig.live();
    rig.socket.give({ k: 'm', cur: 'c2', rows: [] });
    rig.socket.give({ k: 'ok', mid: 'x', cur: 'c3' });
    rig.socket.fail(1006);
    await rig.clock.advance(30_000);
    rig.socket.open();
    assert.equal(rig.socket.sent[0]!.cur, 'c3');
});

test('waits double up to 30 s with full jitter', () => {
    assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 7, 50].map((k) => backoff(k, () => 1)), [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
    assert.equal(backoff(9, () => 0), 0);
    assert.equal(backoff(3, () => 0.25), 1000);
});

test('failed attempts come further and further apart', async () => {
    const rig = new Rig();
    rig.random = 1;
    await rig.live();
    const gaps: number[] = [];
    for (let i = 0; i < 7; i++) {
        const before = rig.clock.now;
        const count = rig.sockets.length;
        rig.socket.fail(1006);
        while (rig.sockets.length === count) await rig.clock.advance(100);
        gaps.push(rig.clock.now - before);
    }
    assert.deepEqual(gaps, [500, 1000, 2000, 4000, 8000, 16000, 30000]);
});

test('a connection that lasted is tried again soon, one that keeps dropping is not', async () => {
    const rig = new Rig();
    rig.random = 1;
    await rig.live();
    for (let i = 0; i < 4; i++) {
        rig.socket.fail(1006);
        await rig.clock.advance(8_000);
        rig.welcome();
    }
    assert.equal(rig.sockets.length, 5);
    rig.socket.fail(1006);
    await rig.clock.advance(7_900);
    assert.equal(rig.sockets.length, 5);
    await rig.clock.advance(200);
    rig.welcome();
    await rig.clock.advance(11_000);
    rig.socket.fail(1006);
    await rig.clock.advance(500);
    assert.equal(rig.sockets.length, 7);
});

test('a nudge tries at once, but not more than once a second', async () => {
    const rig = new Rig();
    rig.random = 1;
    await rig.live();
    for (let i = 0; i < 6; i++) {
        rig.socket.fail(1006);
        await rig.clock.advance(40_000);
    }
    const before = rig.sockets.length;
    await rig.clock.advance(5_000);
    rig.socket.fail(1006);
    rig.link.nudge();
    assert.equal(rig.sockets.length, before + 1);
    rig.socket.fail(1006);
    rig.link.nudge();
    rig.link.nudge();
    assert.equal(rig.sockets.length, before + 1);
    await rig.clock.advance(1_000);
    assert.equal(rig.sockets.length, before + 2);
});

test('silence is asked about after 25 s and dead after 60', async () => {
    const rig = new Rig();
    await rig.live();
    await rig.clock.advance(25_000);
    assert.equal(rig.socket.sent.at(-1)!.k, 'ping');
    rig.socket.give({ k: 'pong' });
    await rig.clock.advance(59_000);
    assert.equal(rig.link.state, 'live');
    await rig.clock.advance(1_000);
    assert.equal(rig.sockets[0]!.closed, true);
    assert.notEqual(rig.link.state, 'live');
});

test('no welcome within 10 s is a failure', async () => {
    const rig = new Rig();
    rig.link.start('old', true);
    rig.socket.open();
    await rig.clock.advance(9_999);
    assert.equal(rig.link.state, 'connecting');
    await rig.clock.advance(1);
    assert.equal(rig.link.state, 'waiting');
});

test('4001 throws the token away and asks for a session at once; twice in a row waits', async () => {
    const rig = new Rig();
    rig.random = 1;
    await rig.live();
    rig.socket.fail(4001);
    await rig.clock.advance(0);
    assert.deepEqual(rig.sessions, [null]);
    rig.socket.open();
    rig.socket.fail(4001);
    await rig.clock.advance(1_000);
    assert.equal(rig.sessions.length, 1);
    await rig.clock.advance(1_000);
    assert.equal(rig.sessions.length, 2);
});

test('bye spreads the return over the time it names', async () => {
    const rig = new Rig();
    rig.random = 0.5;
    await rig.live();
    rig.socket.give({ k: 'bye', spread_ms: 6000 });
    rig.socket.fail(4013);
    await rig.clock.advance(2_999);
    assert.equal(rig.sockets.length, 1);
    await rig.clock.advance(1);
    assert.equal(rig.sockets.length, 2);
});

test('a server that finds fault with us is not asked again soon', async () => {
    for (const code of [4000, 4011, 4012]) {
        const rig = new Rig();
        rig.random = 1;
        await rig.live();
        rig.socket.fail(code);
        await rig.clock.advance(15_000);
        assert.equal(rig.sockets.length, 1, String(code));
    }
});

test('an unknown site ends it; too many sessions wait as told', async () => {
    const gone = new Rig();
    gone.reply = { kind: 'gone' };
    gone.link.start(null, false);
    await gone.clock.advance(600_000);
    assert.equal(gone.link.state, 'gone');
    assert.equal(gone.sessions.length, 1);

    const busy = new Rig();
    busy.reply = { kind: 'wait', ms: 40_000 };
    busy.link.start(null, false);
    await busy.clock.advance(39_999);
    assert.equal(busy.sessions.length, 1);
    await busy.clock.advance(1_000);
    assert.equal(busy.sessions.length, 2);
});

test('a known token goes on without a session when sessions are rationed', async () => {
    const rig = new Rig();
    rig.reply = { kind: 'wait', ms: 40_000 };
    rig.link.start('old', false);
    await settle();
    rig.welcome();
    assert.equal(rig.link.state, 'live');
});

test('what is not understood is passed over', async () => {
    const rig = new Rig();
    await rig.live();
    for (const data of ['{', '[]', 'null', '42', '{"k":"surprise"}', '{"k":"m","rows":[{"t":"odd"},null,7]}', new ArrayBuffer(3)]) {
        rig.socket.onmessage!({ data });
    }
    assert.equal(rig.link.state, 'live');
    assert.deepEqual(rig.frames, ['welcome', 'm']);
});

test('ids sort in the order they were made and carry version and variant', () => {
    const ids = Array.from({ length: 9000 }, (_, i) => uuid7(1_767_190_000_000 + Math.floor(i / 6000)));
    assert.deepEqual([...ids].sort(), ids);
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
