import { backoff } from './backoff';
import { decodeFrame } from './decode';
import type { DownFrame, SessionAnswer, UpFrame } from './types';

/** idle → session → connecting → live; waiting between attempts; gone when the site is unknown. */
export type LinkState = 'idle' | 'session' | 'connecting' | 'live' | 'waiting' | 'gone';

export type SessionReply =
    | { kind: 'ok'; answer: SessionAnswer }
    | { kind: 'gone' }
    | { kind: 'wait'; ms: number }
    /** Not with that identity. */
    | { kind: 'refused'; code: string }
    | { kind: 'failed' };

export interface Socket {
    send(text: string): void;
    close(): void;
    onopen: (() => void) | null;
    onmessage: ((event: { data: unknown }) => void) | null;
    onclose: ((event: { code: number }) => void) | null;
}

/** The world outside, so that tests bring their own clock, dice and network. */
export interface World {
    now(): number;
    random(): number;
    after(ms: number, run: () => void): unknown;
    cancel(timer: unknown): void;
    openSocket(): Socket;
    startSession(token: string | null): Promise<SessionReply>;
}

export interface LinkEvents {
    state(state: LinkState): void;
    session(answer: SessionAnswer): void;
    frame(frame: DownFrame): void;
    /** The socket that greeted with `token` closed; `code` as in docs/protocol.md B.3. */
    lost(code: number, token: string | null): void;
}

const HELLO_MS = 10_000;
const QUIET_MS = 25_000;
const PONG_MS = 35_000;
const PROBE_MS = 5_000;
const STEADY_MS = 10_000;
const ATTEMPT_GAP_MS = 1_000;

/** Keeps one socket to the server for as long as it is wanted. Knows nothing of messages or pages. */
export class Link {
    state: LinkState = 'idle';
    token: string | null = null;
    cur = '';

    #socket: Socket | null = null;
    #timer: unknown = null;
    #beat: unknown = null;
    #asked = 0; // for a session; the answer to an older question is nobody's
    #failures = 0;
    #wantSession = true;
    #lastAttempt = -Infinity;
    #lastSession = -Infinity;
    #lastByte = 0;
    #liveSince = 0;
    #spread = -1;

    constructor(private world: World, private events: LinkEvents) {}

    /** Begins. `known` means the token and the inbox's settings are at hand: the socket alone will do. */
    start(token: string | null, known: boolean): void {
        this.token = token;
        this.#wantSession = !known || !token;
        this.#connect();
    }

    /** The visitor is another one now; without a token, one that is yet to be made. */
    restart(token: string | null): void {
        this.token = token;
        this.cur = '';
        this.#wantSession = !token;
        this.#drop();
        this.#connect();
    }

    send(frame: UpFrame): boolean {
        if (this.state !== 'live' || !this.#socket) return false;
        this.#socket.send(JSON.stringify(frame));
        return true;
    }

    /** Something says now is a good time: the network is back, the tab is looked at, a click. */
    nudge(): void {
        if (this.state === 'waiting') {
            const gap = this.#lastAttempt + ATTEMPT_GAP_MS - this.world.now();
            if (gap <= 0) this.#connect();
            else this.#schedule(gap);
        } else if (this.state === 'live' && this.world.now() - this.#lastByte > PROBE_MS) {
            this.#ping(PROBE_MS);
        }
    }

    /** The socket is not to be trusted any more: close it and begin again. */
    reset(): void {
        if (this.#socket) this.#lost(1006);
    }

    #connect(): void {
        if (this.state === 'session' || this.state === 'connecting' || this.state === 'live' || this.state === 'gone') return;
        this.world.cancel(this.#timer);
        this.#lastAttempt = this.world.now();
        if (this.#wantSession || !this.token) void this.#openSession();
        else this.#openSocket();
    }

    async #openSession(): Promise<void> {
        this.#enter('session');
        this.#lastSession = this.world.now();
        const asked = ++this.#asked;
        const reply = await this.world.startSession(this.token);
        if (this.state !== 'session' || asked !== this.#asked) return;
        if (reply.kind === 'ok') {
            this.#wantSession = false;
            this.token = reply.answer.token;
            this.cur = reply.answer.cur;
            this.events.session(reply.answer);
            this.#openSocket();
        } else if (reply.kind === 'gone') {
            this.#enter('gone');
        } else if (reply.kind === 'wait' && this.token) {
            this.#openSocket();
        } else if (reply.kind === 'wait') {
            this.#enter('waiting');
            this.#schedule(reply.ms + backoff(0, this.world.random));
        } else {
            this.#enter('waiting');
            this.#schedule(backoff(this.#failures++, this.world.random));
        }
    }

    #openSocket(): void {
        this.#enter('connecting');
        this.#spread = -1;
        let socket: Socket;
        try {
            socket = this.world.openSocket();
        } catch {
            this.#lost(1006);
            return;
        }
        this.#socket = socket;
        this.#arm(HELLO_MS, () => this.#lost(1006));
        socket.onopen = () => socket.send(JSON.stringify({ k: 'hello', token: this.token ?? '', cur: this.cur } satisfies UpFrame));
        socket.onmessage = (event) => this.#received(event.data);
        socket.onclose = (event) => this.#lost(event.code);
    }

    #received(data: unknown): void {
        this.#lastByte = this.world.now();
        const frame = decodeFrame(data);
        if (frame?.k === 'welcome' && this.state === 'connecting') {
            this.#liveSince = this.#lastByte;
            this.#enter('live');
        }
        if (this.state !== 'live') return;
        this.#arm(QUIET_MS, () => this.#ping(PONG_MS));
        if (!frame) return;
        if (frame.k === 'bye') this.#spread = Math.max(0, frame.spread_ms);
        this.events.frame(frame);
        if ('cur' in frame && frame.cur) this.cur = frame.cur;
    }

    #ping(patience: number): void {
        this.send({ k: 'ping', x: this.world.now() });
        this.#arm(patience, () => this.#lost(1006));
    }

    #lost(code: number): void {
        const token = this.token;
        const steady = this.state === 'live' && this.world.now() - this.#liveSince >= STEADY_MS;
        this.#drop();
        if (steady) this.#failures = 0;
        let wait: number;
        if (code === 4001) {
            const fresh = this.world.now() - this.#lastSession < STEADY_MS;
            this.token = null;
            this.cur = '';
            this.#wantSession = true;
            wait = fresh ? backoff(2 + this.#failures++, this.world.random) : 0;
        } else if (this.#spread >= 0) {
            wait = Math.round(this.world.random() * this.#spread);
        } else {
            if (code === 4000 || code === 4011 || code === 4012) this.#failures = Math.max(this.#failures, 5);
            wait = backoff(this.#failures++, this.world.random);
        }
        this.#schedule(wait);
        this.events.lost(code, token);
    }

    /** Lets go of the socket without a word to its handlers. */
    #drop(): void {
        this.world.cancel(this.#beat);
        this.world.cancel(this.#timer);
        const socket = this.#socket;
        this.#socket = null;
        if (socket) {
            socket.onopen = socket.onmessage = socket.onclose = null;
            socket.close();
        }
        this.#enter('waiting');
    }

    #schedule(ms: number): void {
        this.world.cancel(this.#timer);
        this.#timer = this.world.after(ms, () => this.#connect());
    }

    #arm(ms: number, run: () => void): void {
        this.world.cancel(this.#beat);
        this.#beat = this.world.after(ms, run);
    }

    #enter(state: LinkState): void {
        if (this.state === state) return;
        this.state = state;
        this.events.state(state);
    }
}
