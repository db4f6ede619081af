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

export interface MessageRow {
    t: 'message';
    id: string;
    conv: string;
    n: number;
    /** "in" is the visitor's own message, "out" an agent's. */
    dir: 'in' | 'out';
    from: { name: string; avatar: string | null } | null;
    body: string;
    at: number;
    att: Attachment[];
}

export interface ConvRow {
    t: 'conv';
    id: string;
    status: string;
    last_n: number;
    read_n: number;
    unread: number;
}

export type Row = MessageRow | ConvRow;

export interface Config {
    site: string;
    welcome_title: string;
    welcome_tagline: string;
    color: string;
    reply_time: string;
    limits: { body: number; upload: number };
    features: string[];
}

export interface SessionAnswer {
    token: string;
    visitor: string;
    cur: string;
    now: number;
    cfg: Config;
    rows: Row[];
    agents_online: boolean;
}

export type UpFrame =
    | { k: 'hello'; token: string; cur: string }
    | { k: 'send'; mid: string; body: string; up: string[]; at: number }
    | { k: 'typing'; on: boolean }
    | { k: 'read'; conv: string; n: number }
    | { k: 'ping'; x: number };

export type DownFrame =
    | { k: 'welcome'; cur: string; now: number; rows: Row[]; full: boolean; agents_online: boolean; spread_ms: number }
    | { k: 'm'; cur: string; rows: Row[] }
    | { k: 'ok'; mid: string; conv: string; n: number; at: number; cur: string }
    | { k: 'no'; mid: string; code: string; ms: number }
    | { k: 'typing'; who: string; on: boolean }
    | { k: 'presence'; agents_online: boolean }
    | { k: 'pong' }
    | { k: 'bye'; spread_ms: number };
