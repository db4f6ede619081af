import type { Attachment, Config, ConvRow, Desk, DownFrame, Hours, MessageRow, Person, Row, SessionAnswer, Visitor } from './types';

type Bag = Record<string, unknown>;

export const bag = (v: unknown): Bag => (v !== null && typeof v === 'object' ? (v as Bag) : {});
export const text = (v: unknown): string => (typeof v === 'string' ? v : '');
const whole = (v: unknown): number => (typeof v === 'number' && Number.isFinite(v) ? v : 0);
const wholeOrNull = (v: unknown): number | null => whole(v) || null;
export const list = (v: unknown): unknown[] => (Array.isArray(v) ? v : []);

/** A link of the server's own, or null: a row must not be able to send the visitor elsewhere. */
export function ownLink(v: unknown): string | null {
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

function person(v: unknown): Person | null {
    const p = bag(v);
    return text(p.name) ? { name: text(p.name), avatar: ownLink(p.avatar) } : null;
}

const some = <T>(v: unknown, read: (item: unknown) => T | null): T[] => list(v).map(read).filter((i): i is T => i !== null);

export function message(v: unknown): MessageRow | null {
    const r = bag(v);
    if (!text(r.id) || !text(r.conv)) return null;
    const row: MessageRow = {
        t: 'message',
        id: text(r.id),
        conv: text(r.conv),
        n: whole(r.n),
        dir: r.dir === 'in' ? 'in' : 'out',
        from: person(r.from),
        body: text(r.body),
        at: whole(r.at),
        att: some(r.att, attachment),
    };
    if (text(r.reply_to)) row.reply_to = text(r.reply_to);
    if (bag(r.content_attributes).deleted === true) row.deleted = true;
    else if (text(r.content_type)) {
        row.type = text(r.content_type);
        row.extras = bag(r.content_attributes);
    }
    return row;
}

export function conversation(v: unknown): ConvRow | null {
    const r = bag(v);
    if (!text(r.id)) return null;
    return {
        t: 'conv',
        id: text(r.id),
        status: text(r.status) || 'open',
        last_n: whole(r.last_n),
        read_n: whole(r.read_n),
        unread: whole(r.unread),
        at: whole(r.at),
    };
}

/** Rows of kinds this version does not know are left out, as the protocol says. */
export function decodeRows(convs: unknown, rows: unknown): Row[] {
    return [
        ...some<Row>(convs, conversation),
        ...some<Row>(rows, (r) => (bag(r).t === 'message' ? message(r) : bag(r).t === 'conv' ? conversation(r) : null)),
    ];
}

export function decodeConfig(v: unknown): Config {
    const c = bag(v);
    const limits = bag(c.limits);
    const form = bag(c.pre_chat_form_options);
    const consent = bag(c.consent);
    const help = bag(c.help);
    return {
        site: text(c.site),
        avatar: ownLink(c.avatar_url),
        welcome_title: text(c.welcome_title),
        welcome_tagline: text(c.welcome_tagline),
        color: text(c.color) || text(c.widget_color),
        reply_time: text(c.reply_time),
        limits: { body: whole(limits.body) || 2000, upload: whole(limits.upload) || 41943040 },
        features: list(c.features).map(text),
        form: c.pre_chat_form_enabled === true ? { message: text(form.pre_chat_message), fields: list(form.pre_chat_fields).filter((f): f is { name: string } => !!text(bag(f).name)) } : null,
        consent: consent.required === true ? { text: text(consent.text), url: text(consent.url) } : null,
        previews: c.link_previews === true,
        campaigns: list(c.campaigns),
        help: text(help.url) ? { url: text(help.url), popular: list(help.popular) } : null,
    };
}

function hours(v: unknown): Hours | null {
    const o = bag(v);
    if (o.working_hours_enabled !== true) return null;
    return {
        open: o.open === true,
        message: text(o.out_of_office_message),
        opensAt: wholeOrNull(o.opens_at),
        spans: some<[number, number]>(o.spans, (s) => [whole(list(s)[0]), whole(list(s)[1])]),
    };
}

/** Absent parts stay undefined: what was known before goes on. */
function desk(b: Bag): Desk {
    return {
        agents_online: b.agents_online === true,
        ...('team' in b ? { team: some(b.team, person) } : {}),
        ...('hours' in b ? { hours: hours(b.hours) } : {}),
    };
}

export function decodeVisitor(v: unknown): Visitor {
    const p = bag(v);
    return {
        id: text(p.id),
        name: text(p.name),
        email: text(p.email),
        phone: text(p.phone_number),
        verified: p.verified === true,
        known: Array.isArray(p.known) ? p.known.map(text) : null,
    };
}

export function decodeSession(v: unknown): SessionAnswer | null {
    const s = bag(v);
    if (!text(s.token)) return null;
    return {
        ...desk(s),
        token: text(s.token),
        visitor: decodeVisitor(s.visitor),
        cur: text(s.cur),
        now: whole(s.now),
        cfg: decodeConfig(s.cfg),
        rows: decodeRows(s.conv, s.rows),
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
            return { k: 'welcome', cur, now: whole(f.now), rows: decodeRows(f.conv, f.rows), full: f.full === true, ...desk(f), spread_ms: whole(f.spread_ms) };
        case 'm':
            return { k: 'm', cur, rows: decodeRows([], f.rows) };
        case 'ok':
            return { k: 'ok', mid: text(f.mid), conv: text(f.conv), n: whole(f.n), at: whole(f.at), cur };
        case 'no':
            return { k: 'no', mid: text(f.mid), code: text(f.code), ms: whole(f.ms), fields: bag(f.fields) as Record<string, string> };
        case 'typing':
            return { k: 'typing', who: text(f.who), on: f.on === true, conv: text(f.conv) };
        case 'presence':
            return { k: 'presence', ...desk(f) };
        case 'pong':
            return { k: 'pong' };
        case 'bye':
            return { k: 'bye', spread_ms: whole(f.spread_ms) };
        default:
            return null;
    }
}
