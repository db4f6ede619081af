import { Link, type SessionReply, type Socket } from '../protocol/link';
import { uuid7 } from '../protocol/uuid';
import type { Config, Desk, DownFrame, FileRef, Hours, MessageRow, Person, Row, SessionAnswer, Start, Visitor } from '../protocol/types';
import { decodeConfig, decodeVisitor } from '../protocol/decode';
import { Outbox, type Aim, type Entry } from './outbox';
import { Pump, type SendResult } from './pump';
import type { Store } from './storage';
import { Thread } from './thread';
import type { TabNews } from './tabs';

export interface ChatWorld {
    store: Store;
    now(): number;
    random(): number;
    after(ms: number, run: () => void): unknown;
    cancel(timer: unknown): void;
    openSocket(): Socket;
    startSession(token: string | null, identity?: unknown): Promise<SessionReply>;
    alone(what: string, work: () => Promise<void>): Promise<void>;
    tell(news: TabNews): void;
    changed(): void;
    arrived(messages: MessageRow[]): void;
    /** A message of this tab is stored, in that conversation. */
    started(row: MessageRow, again: boolean): void;
    /** Resolves once what the page has asked for so far is in {@link Chat.beginning}. */
    settled(): Promise<unknown>;
}

const ANSWER_MS = 15_000;
const OFFLINE_MS = 5_000;
const TYPING_AGAIN_MS = 4_000;
const TYPING_IDLE_MS = 5_000;
const TYPING_SHOWN_MS = 8_000;
const CONFIG_FRESH_MS = 10 * 60_000;
const LINKS_FRESH_MS = 50 * 60_000;
const RENEW_GAP_MS = 60_000;

/** Raised when what is kept of a session changes its shape. */
const CACHE_VERSION = 2;

interface Cached {
    v?: number;
    at: number;
    cfg?: Config;
    visitor?: Visitor;
}

/** The conversation as the frame shows it: joins the link, the thread and the outbox. Knows no page. */
export class Chat {
    readonly thread = new Thread();
    readonly outbox: Outbox;
    cfg: Config;
    visitor: Visitor;
    agentsOnline = false;
    team: Person[] = [];
    hours: Hours | null = null;
    typing: string | null = null;
    /** No connection for longer than a blink. */
    offline = false;
    /** The history is known. */
    loaded = false;
    /** The settings are known, from the server or from an earlier visit. */
    known = false;

    #link: Link;
    #pump: Pump;
    #answers = new Map<string, (result: SendResult) => void>();
    #others = 0; // times that the visitor became somebody else here
    #who: string | null;
    #seen: Set<string> | true | null = null;
    #typingTimer: unknown = null;
    #typedTimer: unknown = null;
    #offlineTimer: unknown = null;
    #typedAt = -Infinity;
    #renewedAt = -Infinity;
    #linksAt: number;
    /** Where the visitor opened the chat, until the server has heard of it. */
    #opened: string | null = null;
    /** What a message that begins a conversation first went with. */
    #begun: { mid: string; start: string } | null = null;

    constructor(private world: ChatWorld) {
        this.outbox = new Outbox(world.store);
        const cached = this.#cached();
        this.known = !!cached.cfg;
        this.cfg = { ...decodeConfig(null), ...cached.cfg };
        this.visitor = { ...decodeVisitor(null), ...cached.visitor };
        this.#who = world.store.get('who');
        this.#linksAt = world.now();
        this.#link = new Link(
            { ...world, startSession: (token) => this.#session(token) },
            {
                state: (state) => this.#linkState(state === 'live'),
                session: (answer) => this.#adopt(answer, true),
                frame: (frame) => this.#frame(frame),
                lost: (code, token) => this.#lost(code, token),
            },
        );
        this.#pump = new Pump(this.outbox, {
            alone: (work) => world.alone('send', work),
            live: () => this.live,
            send: (entry) => this.#transmit(entry),
            after: world.after,
            sent: (entry, result) => this.#acknowledged(entry, result),
            changed: world.changed,
        });
    }

    start(): void {
        const cached = this.#cached();
        const age = this.world.now() - cached.at;
        this.#linkState(false);
        this.#link.start(this.world.store.get('token'), age >= 0 && age < CONFIG_FRESH_MS);
    }

    get live(): boolean {
        return this.#link.state === 'live';
    }

    get gone(): boolean {
        return this.#link.state === 'gone';
    }

    get token(): string | null {
        return this.#link.token;
    }

    nudge(): void {
        this.#link.nudge();
    }

    /** Keeps a message and sends it when that can be; what a conversation begins with goes along. */
    send(body: string, files: FileRef[], aim: Aim = {}): void {
        const at = this.world.now();
        const begins = aim.fresh || (!aim.conv && !this.thread.ongoing());
        const start = begins ? { ...this.beginning(), ...aim.start } : {};
        this.outbox.put({ ...aim, mid: uuid7(at), body, files, at, ...(begins ? { start } : {}) });
        this.typed(false);
        this.world.tell({ k: 'outbox' });
        this.world.changed();
        this.#link.nudge();
        void this.#pump.kick();
    }

    /** What the page wants the next conversation to begin with; kept until one has begun. Null: nothing any more. */
    beginning(change?: Start | null): Start {
        const { store } = this.world;
        if (change === null) store.remove('start');
        let kept: Start = {};
        try {
            kept = JSON.parse(store.get('start') ?? '{}') as Start;
        } catch {
            // broken: as if nothing had been said
        }
        if (change) store.set('start', JSON.stringify((kept = { ...kept, ...change })));
        return kept;
    }

    /** A message is on its way and not yet answered: what it begins is settled. */
    get sending(): boolean {
        return this.#answers.size > 0;
    }

    /** Rows that an answer over HTTP brought. */
    take(rows: Row[]): void {
        this.#take(rows, false, false);
    }

    /** What the visitor has told of themselves need not be asked again. */
    told(names: string[]): void {
        this.visitor = { ...this.visitor, known: [...(this.visitor.known ?? []), ...names] };
        this.#keep();
    }

    /** The names of the form's fields that are still to be asked. */
    get asks(): string[] {
        const known = this.visitor.known ?? [];
        return (this.cfg.form?.fields ?? []).map((f) => f.name).filter((name) => !known.includes(name));
    }

    /** Tells that the host page moved on. */
    page(url: string, title: string): void {
        this.#link.send({ k: 'page', url, title });
    }

    /** The visitor opened the chat: told once, however often the line breaks. */
    opened(url: string): void {
        this.#opened = this.#link.send({ k: 'opened', url }) ? null : url;
    }

    retry(mid: string, start?: Start): void {
        this.outbox.retry(mid, start);
        this.world.changed();
        this.#link.nudge();
        void this.#pump.kick();
    }

    discard(mid: string): void {
        this.outbox.remove(mid);
        this.world.tell({ k: 'outbox' });
        this.world.changed();
    }

    /** The visitor writes, or has stopped. */
    typed(on: boolean, conv?: string): void {
        const to = conv ? { conv } : {};
        this.world.cancel(this.#typedTimer);
        const now = this.world.now();
        if (on) {
            if (now - this.#typedAt > TYPING_AGAIN_MS && this.#link.send({ k: 'typing', on: true, ...to })) this.#typedAt = now;
            this.#typedTimer = this.world.after(TYPING_IDLE_MS, () => this.typed(false, conv));
        } else if (this.#typedAt > -Infinity) {
            this.#typedAt = -Infinity;
            this.#link.send({ k: 'typing', on: false, ...to });
        }
    }

    /** Whose newest message is on screen, in an open panel of a visible tab: some conversations', all or none. */
    look(seen: Set<string> | boolean): void {
        this.#seen = seen || null;
        if (!seen || !this.live) return;
        for (const mark of this.thread.marks(seen === true ? undefined : seen)) {
            this.#link.send({ k: 'read', ...mark });
            this.thread.read(mark.conv, mark.n);
            this.world.tell({ k: 'read', ...mark });
            this.world.changed();
        }
    }

    /** News from another tab of this visitor. */
    heard(news: TabNews): void {
        if (news.k === 'sent') this.thread.sent(ownRow(news, news.body, []));
        else if (news.k === 'read') this.thread.read(news.conv, news.n);
        this.world.changed();
        void this.#pump.kick();
    }

    /** Another tab wrote to the shared storage. */
    stored(key: string, value: string | null): void {
        const token = this.world.store.get('token');
        if (key === 'who' && value && token && this.#who && value !== this.#who) {
            this.#who = value;
            this.#link.restart(token);
        }
        if (key.startsWith('out.')) this.heard({ k: 'outbox' });
    }

    /** Fetches new signed links when the old ones are, or seem, too old. */
    async renewLinks(broken = false): Promise<void> {
        const now = this.world.now();
        if (now - this.#renewedAt < RENEW_GAP_MS || (!broken && now - this.#linksAt < LINKS_FRESH_MS) || !this.#link.token) return;
        this.#renewedAt = now;
        const reply = await this.#session(this.#link.token);
        if (reply.kind === 'ok') this.#adopt(reply.answer, false);
    }

    /** Asks for the session again: the token had run out, or the visitor has become another. */
    async renew(): Promise<void> {
        const reply = await this.#session(this.#link.token);
        if (reply.kind !== 'ok') return;
        if (reply.answer.token !== this.#link.token) this.#link.restart(reply.answer.token);
        else this.#adopt(reply.answer, false);
    }

    /** The page says who the visitor is. What is held is replaced by what that person may see. */
    async identify(identity: unknown): Promise<SessionReply> {
        const reply = await this.#session(this.#link.token, identity);
        if (reply.kind !== 'ok') return reply;
        const { token, answer } = { token: this.#link.token, answer: reply.answer };
        this.#adopt(answer, true);
        if (answer.token !== token) this.#link.restart(answer.token);
        return reply;
    }

    /** Forgets everything; then a new visitor begins. */
    reset(): void {
        for (const key of this.world.store.keys()) this.world.store.remove(key);
        ++this.#others;
        this.#who = null;
        this.visitor = decodeVisitor(null);
        this.#take([], true, false);
        this.loaded = false;
        this.#link.restart(null);
    }

    /** Goes on as the visitor that another window was. */
    become(token: string): void {
        ++this.#others;
        this.world.store.set('token', token);
        this.#link.restart(null);
    }

    async #session(token: string | null, identity?: unknown): Promise<SessionReply> {
        let reply: SessionReply = { kind: 'failed' };
        const others = this.#others;
        await this.world.alone('session', async () => {
            const answer = await this.world.startSession(token ?? this.world.store.get('token'), identity);
            if (others !== this.#others) return; // who asked is somebody else by now
            reply = answer;
            if (reply.kind === 'ok') this.#remember(reply.answer);
        });
        return reply;
    }

    #remember(answer: SessionAnswer): void {
        this.world.store.set('token', answer.token);
        this.world.store.set('who', answer.visitor.id);
        this.#who = answer.visitor.id;
        this.cfg = answer.cfg;
        this.visitor = answer.visitor;
        this.#keep();
    }

    #keep(): void {
        const { cfg, visitor } = this;
        this.world.store.set('cfg', JSON.stringify({ v: CACHE_VERSION, at: this.world.now(), cfg, visitor }));
    }

    #cached(): Cached {
        try {
            const cached = JSON.parse(this.world.store.get('cfg') ?? '') as Cached;
            if (typeof cached.at === 'number' && cached.v === CACHE_VERSION) return cached;
        } catch {
            // as if there were none
        }
        return { at: -Infinity };
    }

    #adopt(answer: SessionAnswer, replace: boolean): void {
        this.cfg = answer.cfg;
        this.visitor = answer.visitor;
        this.known = true;
        this.#desk(answer);
        this.#linksAt = this.world.now();
        this.#take(answer.rows, replace, false);
    }

    #desk(desk: Desk): void {
        this.agentsOnline = desk.agents_online;
        this.team = desk.team ?? this.team;
        if (desk.hours !== undefined) this.hours = desk.hours;
    }

    #take(rows: SessionAnswer['rows'], full: boolean, announce: boolean): void {
        const fresh = this.thread.apply(rows, full);
        for (const row of rows) {
            if (row.t === 'message' && row.dir === 'in' && this.outbox.has(row.id)) this.outbox.remove(row.id);
        }
        this.loaded = true;
        if (fresh.length) this.#showTyping(null);
        if (this.#seen) this.look(this.#seen);
        this.world.changed();
        if (announce && fresh.length) this.world.arrived(fresh);
    }

    #frame(frame: DownFrame): void {
        switch (frame.k) {
            case 'welcome':
                this.#desk(frame);
                if (frame.full) this.#linksAt = this.world.now();
                if (this.#opened !== null) this.opened(this.#opened);
                this.#take(frame.rows, frame.full, !frame.full);
                void this.#pump.kick();
                break;
            case 'm':
                this.#take(frame.rows, false, true);
                break;
            case 'ok':
                this.#answers.get(frame.mid)?.({ kind: 'ok', conv: frame.conv, n: frame.n, at: frame.at });
                break;
            case 'no':
                this.#answers.get(frame.mid)?.({ kind: 'no', code: frame.code, ms: frame.ms, fields: frame.fields });
                break;
            case 'typing':
                this.#showTyping(frame.on ? frame.who : null);
                break;
            case 'presence':
                this.#desk(frame);
                this.world.changed();
                break;
        }
    }

    #showTyping(who: string | null): void {
        this.world.cancel(this.#typingTimer);
        this.typing = who;
        if (who !== null) this.#typingTimer = this.world.after(TYPING_SHOWN_MS, () => this.#showTyping(null));
        this.world.changed();
    }

    /** The page may have said more of a beginning since the message was written, above all before there was a session. */
    async #transmit(entry: Entry): Promise<SendResult> {
        if (entry.start) {
            await this.world.settled();
            const start = this.beginning();
            if (this.#begun?.mid !== entry.mid) this.#begun = { mid: entry.mid, start: JSON.stringify(start) };
            entry = { ...entry, start: { ...entry.start, ...start } };
        }
        return new Promise((resolve) => {
            const patience = this.world.after(ANSWER_MS, () => this.#link.reset());
            this.#answers.set(entry.mid, (result) => {
                this.world.cancel(patience);
                this.#answers.delete(entry.mid);
                resolve(result);
            });
            const { files, refused, fields, ...sent } = entry;
            if (!this.#link.send({ k: 'send', ...sent, up: files.map((f) => f.id) })) {
                this.#answers.get(entry.mid)?.({ kind: 'lost' });
            }
        });
    }

    #acknowledged(entry: Entry, result: { conv: string; n: number; at: number }): void {
        const { conv, n, at } = result;
        const row = ownRow({ mid: entry.mid, conv, n, at }, entry.body, entry.files);
        this.thread.sent(entry.reply_to ? { ...row, reply_to: entry.reply_to } : row);
        // What was said after it had gone is for the conversation that goes on now.
        if (entry.start && JSON.stringify(this.beginning()) === this.#begun?.start) this.beginning(null);
        this.world.started(row, this.thread.list().some((m) => m.conv !== conv));
        this.world.tell({ k: 'sent', mid: entry.mid, body: entry.body, conv, n, at });
    }

    #lost(code: number, token: string | null): void {
        if (code === 4001 && this.world.store.get('token') === token) this.world.store.remove('token');
        const result: SendResult = code === 1009 ? { kind: 'no', code: 'too_long', ms: 0 } : { kind: 'lost' };
        for (const answer of [...this.#answers.values()]) answer(result);
    }

    #linkState(live: boolean): void {
        if (live) {
            this.world.cancel(this.#offlineTimer);
            this.#offlineTimer = null;
            this.offline = false;
        } else if (this.#offlineTimer === null) {
            this.#showTyping(null);
            this.#typedAt = -Infinity;
            this.#offlineTimer = this.world.after(OFFLINE_MS, () => {
                this.offline = true;
                this.world.changed();
            });
        }
        this.world.changed();
    }
}

function ownRow(sent: { mid: string; conv: string; n: number; at: number }, body: string, files: FileRef[]): MessageRow {
    const att = files.map((f) => ({ ...f, url: null, thumb: null, w: null, h: null }));
    return { t: 'message', id: sent.mid, conv: sent.conv, n: sent.n, dir: 'in', from: null, body, at: sent.at, att };
}
