import type { Attachment, Extras, MessageRow } from '../protocol/types';
import type { Entry } from '../state/outbox';

export type BubbleState = 'sent' | 'sending' | 'waiting' | 'failed';

export interface Bubble {
    kind: 'bubble';
    key: string;
    own: boolean;
    deleted?: true;
    name: string | null;
    avatar: string | null;
    body: string;
    att: Attachment[];
    at: number;
    state: BubbleState;
    refused: string | null;
    /** First and last of a run by one speaker within a few minutes. */
    first: boolean;
    last: boolean;
    type?: string;
    extras?: Extras;
    /** What it answers. */
    quote?: { key: string; name: string; text: string };
    reply_to?: string;
    /** The visitor's newest delivered message: it alone says "Sent". */
    tail: boolean;
}

export interface Day {
    kind: 'day';
    key: string;
    at: number;
}

export type Item = Bubble | Day;

const RUN_MS = 5 * 60_000;

const dayOf = (at: number): string => new Date(at).toDateString();

/** What stands in the log, top to bottom: the server's messages, then what waits in the outbox. */
export function buildItems(messages: MessageRow[], pending: Entry[], live: boolean, you = '', agent = ''): Item[] {
    const known = new Set(messages.map((m) => m.id));
    const bubbles: Bubble[] = messages.map((m) => ({
        kind: 'bubble', key: m.id, own: m.dir === 'in', deleted: m.deleted, name: m.from?.name ?? null, avatar: m.from?.avatar ?? null,
        body: m.body, att: m.att, at: m.at, state: 'sent', refused: null, first: true, last: true, tail: false,
        type: m.type, extras: m.extras, reply_to: m.reply_to,
    }));
    const newestOwn = [...bubbles].reverse().find((b) => b.own);
    if (newestOwn) newestOwn.tail = true;
    for (const e of pending) {
        if (known.has(e.mid)) continue;
        const last = bubbles[bubbles.length - 1];
        bubbles.push({
            kind: 'bubble', key: e.mid, own: true, name: null, avatar: null, body: e.body,
            att: e.files.map((f) => ({ ...f, url: null, thumb: null, w: null, h: null })),
            at: Math.max(e.at, last?.at ?? 0), state: e.refused ? 'failed' : live ? 'sending' : 'waiting',
            refused: e.refused ?? null, first: true, last: true, tail: false, reply_to: e.reply_to,
        });
    }

    const byKey = new Map(bubbles.map((b) => [b.key, b]));
    for (const b of bubbles) {
        const said = b.reply_to && byKey.get(b.reply_to);
        if (said) b.quote = { key: said.key, name: said.own ? you : (said.name ?? agent), text: said.body || said.att[0]?.name || '…' };
    }

    const items: Item[] = [];
    let previous: Bubble | null = null;
    for (const b of bubbles) {
        const newDay = !previous || dayOf(previous.at) !== dayOf(b.at);
        if (newDay) items.push({ kind: 'day', key: 'day ' + dayOf(b.at), at: b.at });
        const joins = !!previous && !newDay && previous.own === b.own && previous.name === b.name && b.at - previous.at < RUN_MS;
        if (joins && previous) {
            b.first = false;
            previous.last = false;
        }
        items.push(b);
        previous = b;
    }
    return dedupeKeys(items);
}

/** A clock that went backwards can bring the same day twice; keys must stay unique. */
function dedupeKeys(items: Item[]): Item[] {
    const used = new Set<string>();
    for (const item of items) {
        while (used.has(item.key)) item.key += '+';
        used.add(item.key);
    }
    return items;
}
