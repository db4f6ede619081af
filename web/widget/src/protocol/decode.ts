import type { Attachment, Config, ConvRow, DownFrame, MessageRow, Row, SessionAnswer } from './types';

type Bag = Record<string, unknown>;

const bag = (v: unknown): Bag => (v !== null && typeof v === 'object' ? (v as Bag) : {});
const text = (v: unknown): string => (typeof v === 'string' ? v : '');
const whole = (v: unknown): number => (typeof v === 'number' && Number.isFinite(v) ? v : 0);
const wholeOrNull = (v: unknown): number | null => (typeof v === 'number' && Number.isFinite(v) ? v : null);
const list = (v: unknown): unknown[] => (Array.isArray(v) ? v : []);

/** A link of the server's own, or null: a row must not be able to send the visitor elsewhere. */
function ownLink(v: unknown): string | null {
    const link = text(v);
    return link.startsWith('/') && !/^\/[/\\]/.test(link) ? link : null;
}

function attachment(v: unknown): Attachment | null {
    const a = bag(v);
    if (!text(a.id)) return null;
    return {
        id: text(a.id),
        name: text(a.name) || 'file',
        mime: text(a.mime),
        size: whole(a.size),
        url: ownLink(a.url),
        thumb: ownLink(a.thumb),
        w: wholeOrNull(a.w),
        h: wholeOrNull(a.h),
    };
}

function message(r: Bag): MessageRow | null {
    if (!text(r.id) || !text(r.conv)) return null;
    const from = bag(r.from);
    return {
        t: 'message',
        id: text(r.id),
        conv: text(r.conv),
        n: whole(r.n),
        dir: r.dir === 'in' ? 'in' : 'out',
        from: text(from.name) ? { name: text(from.name), avatar: ownLink(from.avatar) } : null,
        body: text(r.body),
        at: whole(r.at),
        att: list(r.att).map(attachment).filter((a): a is Attachment => a !== null),
    };
}

function conversation(r: Bag): ConvRow | null {
    if (!text(r.id)) return null;
    return {
        t: 'conv',
        id: text(r.id),
        status: text(r.status) || 'open',
        last_n: whole(r.last_n),
        read_n: whole(r.read_n),
        unread: whole(r.unread),
    };
}

/** Rows of kinds this version does not know are left out, as the protocol says. */
export function decodeRows(convs: unknown, rows: unknown): Row[] {
    const out: Row[] = [];
    for (const c of list(convs)) {
        const row = conversation(bag(c));
        if (row) out.push(row);
    }
    for (const r of list(rows)) {
        const b = bag(r);
        const row = b.t === 'message' ? message(b) : b.t === 'conv' ? conversation(b) : null;
        if (row) out.push(row);
    }
    return out;
}

export function decodeConfig(v: unknown): Config {
    const c = bag(v);
    const limits = bag(c.limits);
    return {
        site: text(c.site),
        welcome_title: text(c.welcome_title),
        welcome_tagline: text(c.welcome_tagline),
        color: text(c.color),
        reply_time: text(c.reply_time),
        limits: { body: whole(limits.body) || 2000, upload: whole(limits.upload) || 41943040 },
        features: list(c.features).map(text),
    };
}

export function decodeSession(v: unknown): SessionAnswer | null {
    const s = bag(v);
    if (!text(s.token)) return null;
    return {
        token: text(s.token),
        visitor: text(bag(s.visitor).id),
        cur: text(s.cur),
        now: whole(s.now),
        cfg: decodeConfig(s.cfg),
        rows: decodeRows(s.conv, s.rows),
        agents_online: s.agents_online === true,
    };
}

/** One frame down, or null when it is not understood. */
export function decodeFrame(raw: unknown): DownFrame | null {
    if (typeof raw !== 'string') return null;
    let f: Bag;
    try {
        f = bag(JSON.parse(raw));
    } catch {
        return null;
    }
    const cur = text(f.cur);
    switch (f.k) {
        case 'welcome':
            return {
                k: 'welcome', cur, now: whole(f.now), rows: decodeRows(f.conv, f.rows), full: f.full === true,
                agents_online: f.agents_online === true, spread_ms: whole(f.spread_ms),
            };
        case 'm':
            return { k: 'm', cur, rows: decodeRows([], f.rows) };
        case 'ok':
            return { k: 'ok', mid: text(f.mid), conv: text(f.conv), n: whole(f.n), at: whole(f.at), cur };
        case 'no':
            return { k: 'no', mid: text(f.mid), code: text(f.code), ms: whole(f.ms) };
        case 'typing':
            return { k: 'typing', who: text(f.who), on: f.on === true };
        case 'presence':
            return { k: 'presence', agents_online: f.agents_online === true };
        case 'pong':
            return { k: 'pong' };
        case 'bye':
            return { k: 'bye', spread_ms: whole(f.spread_ms) };
        default:
            return null;
    }
}
