/** The visitor protocol as it stands in docs/protocol.md, part B. */

export interface FileRef {
    id: string;
    name: string;
    mime: string;
    size: number;
}

export interface Attachment extends FileRef {
    url: string | null;
    thumb: string | null;
    w: number | null;
    h: number | null;
}

export interface Person {
    name: string;
    avatar: string | null;
}

/** What a message holds beside its text; each kind is read by the part that shows it (ui/content). */
export type Extras = Record<string, unknown>;

export interface MessageRow {
    t: 'message';
    id: string;
    conv: string;
    n: number;
    /** "in" is the visitor's own message, "out" an agent's. */
    dir: 'in' | 'out';
    from: Person | null;
    body: string;
    at: number;
    att: Attachment[];
    reply_to?: string;
    /** Taken away; the body says so. */
    deleted?: true;
    /** Absent for plain text. */
    type?: string;
    extras?: Extras;
}

export interface ConvRow {
    t: 'conv';
    id: string;
    status: string;
    last_n: number;
    read_n: number;
    unread: number;
    /** Last activity; 0 where it is not told. */
    at?: number;
}

export type Row = MessageRow | ConvRow;

export interface Field {
    name: string;
    label: string;
    type: string;
    required: boolean;
    placeholder: string;
    options: { value: string; label: string }[];
    pattern: string;
    /** What to say when the pattern is not met. */
    cue: string;
    initial: string;
    /** Asked for every conversation anew. */
    each: boolean;
}

export interface Campaign {
    id: string;
    message: string;
    sender: Person | null;
    url: string;
    seconds: number;
}

export interface Config {
    site: string;
    avatar: string | null;
    welcome_title: string;
    welcome_tagline: string;
    color: string;
    reply_time: string;
    limits: { body: number; upload: number };
    features: string[];
    /** Null when nothing is asked before the first message. The fields are as they came, see protocol/field. */
    form: { message: string; fields: { name: string }[] } | null;
    consent: { text: string; url: string } | null;
    previews: boolean;
    /** As they came: whoever shows them reads them (protocol/field, ui/campaign). */
    campaigns: unknown[];
    help: { url: string; popular: unknown[] } | null;
}

export interface Hours {
    open: boolean;
    message: string;
    opensAt: number | null;
    /** When it is open in the days to come: from, to. */
    spans: [number, number][];
}

export interface Visitor {
    id: string;
    name: string;
    email: string;
    phone: string;
    verified: boolean;
    /** The form's fields that need not be asked; null from a server that does not tell. */
    known: string[] | null;
}

/** What is said of the people at the other end, on every welcome and in between. */
export interface Desk {
    agents_online: boolean;
    team?: Person[];
    hours?: Hours | null;
}

export interface SessionAnswer extends Desk {
    token: string;
    visitor: Visitor;
    cur: string;
    now: number;
    cfg: Config;
    rows: Row[];
}

/** What counts when a message begins a conversation. */
export interface Start {
    pre_chat?: Record<string, string | boolean>;
    custom_attributes?: Record<string, unknown>;
    labels?: string[];
    campaign?: string;
}

export interface Sent {
    mid: string;
    body: string;
    up: string[];
    at: number;
    conv?: string;
    fresh?: boolean;
    reply_to?: string;
    start?: Start;
}

export type UpFrame =
    | { k: 'hello'; token: string; cur: string }
    | ({ k: 'send' } & Sent)
    | { k: 'typing'; on: boolean; conv?: string }
    | { k: 'read'; conv: string; n: number }
    | { k: 'page'; url: string; title: string }
    | { k: 'opened'; url: string }
    | { k: 'ping'; x: number };

export type DownFrame =
    | ({ k: 'welcome'; cur: string; now: number; rows: Row[]; full: boolean; spread_ms: number } & Desk)
    | { k: 'm'; cur: string; rows: Row[] }
    | { k: 'ok'; mid: string; conv: string; n: number; at: number; cur: string }
    | { k: 'no'; mid: string; code: string; ms: number; fields: Record<string, string> }
    | { k: 'typing'; who: string; on: boolean; conv: string }
    | ({ k: 'presence' } & Desk)
    | { k: 'pong' }
    | { k: 'bye'; spread_ms: number };
