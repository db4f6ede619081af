import type { SessionReply, Socket } from '../src/protocol/link';
import { decodeSession } from '../src/protocol/decode';

/** Numbers that repeat for a seed. */
export function dice(seed: number): () => number {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let t = state;
        t = Math.imul(t ^ (t >>> 15), t | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
}

/** Lets promises settle. */
export const settle = async (): Promise<void> => {
    for (let i = 0; i < 30; i++) await Promise.resolve();
};

/** A clock that moves only when told to. */
export class Clock {
    now = 1_767_190_000_000;
    private timers: { at: number; order: number; run: () => void }[] = [];
    private order = 0;

    after = (ms: number, run: () => void): unknown => {
        const timer = { at: this.now + ms, order: this.order++, run };
        this.timers.push(timer);
        return timer;
    };

    cancel = (timer: unknown): void => {
        this.timers = this.timers.filter((t) => t !== timer);
    };

    get pending(): number {
        return this.timers.length;
    }

    async advance(ms: number): Promise<void> {
        const end = this.now + ms;
        await settle();
        for (;;) {
            const due = this.timers.filter((t) => t.at <= end).sort((a, b) => a.at - b.at || a.order - b.order)[0];
            if (!due) break;
            this.cancel(due);
            this.now = Math.max(this.now, due.at);
            due.run();
            await settle();
        }
        this.now = end;
        await settle();
    }
}

export class FakeSocket implements Socket {
    onopen: (() => void) | null = null;
    onmessage: ((event: { data: unknown }) => void) | null = null;
    onclose: ((event: { code: number }) => void) | null = null;
    sent: Record<string, any>[] = [];
    closed = false;
    heard: (frame: Record<string, any>) => void = () => undefined;

    send(text: string): void {
        if (this.closed) return;
        const frame = JSON.parse(text);
        this.sent.push(frame);
        this.heard(frame);
    }

    close(): void {
        this.closed = true;
    }

    open(): void {
        this.onopen?.();
    }

    give(frame: Record<string, unknown>): void {
        this.onmessage?.({ data: JSON.stringify(frame) });
    }

    fail(code: number): void {
        this.closed = true;
        this.onclose?.({ code });
    }
}

export const config = {
    site: 'Acme', welcome_title: 'Hi', welcome_tagline: '', color: '#5157E6', reply_time: 'in_a_few_minutes',
    limits: { body: 2000, upload: 41943040 }, features: ['attachments', 'emoji'],
};

/** The visitor side of a server, as docs/protocol.md B has it, with a network that can be cut anywhere. */
export class FakeServer {
    tokens = new Map<string, string>();
    stored: Record<string, any>[] = [];
    sessions = 0;
    sockets: FakeSocket[] = [];
    up = true;
    refuse: ((mid: string) => { code: string; ms?: number } | null) | null = null;
    /** Told before and after a message is stored: true cuts the line there. */
    cut: (where: 'before' | 'after') => boolean = () => false;
    conv = { id: 'c1', status: 'open', last_n: 0, read_n: 0, unread: 0 };
    private pending: (() => void)[] = [];

    startSession = async (token: string | null): Promise<SessionReply> => {
        this.sessions++;
        if (!this.up) return { kind: 'failed' };
        const known = token && this.tokens.has(token) ? token : `vt1.${this.sessions}`;
        this.tokens.set(known, `visitor-${known}`);
        const answer = decodeSession({
            token: known, visitor: { id: this.tokens.get(known) }, cur: String(this.stored.length), now: 0, cfg: config,
            conv: this.stored.length ? [this.conv] : [], rows: this.stored, agents_online: true,
        });
        return { kind: 'ok', answer: answer! };
    };

    openSocket = (): FakeSocket => {
        const socket = new FakeSocket();
        this.sockets.push(socket);
        socket.heard = (frame) => this.pending.push(() => this.answer(socket, frame));
        this.pending.push(() => (this.up ? socket.open() : socket.fail(1006)));
        return socket;
    };

    /** Handles what has arrived, until nothing more comes. */
    async work(): Promise<void> {
        await settle();
        while (this.pending.length) {
            this.pending.shift()!();
            await settle();
        }
    }

    agent(body: string): void {
        const row = { t: 'message', id: `agent-${this.conv.last_n + 1}`, conv: this.conv.id, n: ++this.conv.last_n, dir: 'out', from: { name: 'Sara' }, body, at: 1 };
        this.store(row);
    }

    lose(code = 1006): void {
        for (const socket of this.sockets.splice(0)) if (!socket.closed) socket.fail(code);
    }

    private store(row: Record<string, any>): void {
        this.stored.push(row);
        for (const socket of this.sockets) if (!socket.closed) socket.give({ k: 'm', cur: String(this.stored.length), rows: [row] });
    }

    private answer(socket: FakeSocket, frame: Record<string, any>): void {
        if (socket.closed) return;
        if (!this.up) return socket.fail(1006);
        if (frame.k === 'hello') {
            if (!this.tokens.has(frame.token)) return socket.fail(4001);
            const full = frame.cur === '';
            const rows = full ? this.stored : this.stored.slice(Number(frame.cur));
            socket.give({ k: 'welcome', cur: String(this.stored.length), now: 0, conv: [], rows, full, agents_online: true, spread_ms: 0 });
        } else if (frame.k === 'ping') {
            socket.give({ k: 'pong', x: frame.x });
        } else if (frame.k === 'send') {
            const no = this.refuse?.(frame.mid);
            if (no) return socket.give({ k: 'no', mid: frame.mid, ...no });
            if (this.cut('before')) return socket.fail(1006);
            let row = this.stored.find((r) => r.id === frame.mid);
            const dup = !!row;
            if (!row) {
                row = { t: 'message', id: frame.mid, conv: this.conv.id, n: ++this.conv.last_n, dir: 'in', body: frame.body, at: 1, att: [] };
                if (this.cut('after')) {
                    this.stored.push(row);
                    return socket.fail(1006);
                }
                this.store(row);
            }
            socket.give({ k: 'ok', mid: frame.mid, conv: row.conv, n: row.n, at: row.at, cur: String(this.stored.length), dup });
        } else if (frame.k === 'read') {
            this.conv.read_n = Math.max(this.conv.read_n, frame.n);
        }
    }
}
