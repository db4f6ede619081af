import type { FileRef, Sent } from '../protocol/types';
import type { Store } from './storage';

/** Where a message belongs and what it begins with. */
export type Aim = Pick<Sent, 'conv' | 'fresh' | 'reply_to' | 'start'>;

export interface Entry extends Aim {
    /** Names the message for ever; sorts by time of writing. */
    mid: string;
    body: string;
    files: FileRef[];
    at: number;
    /** Why the server refused it; absent while it may still be sent. */
    refused?: string;
    /** For "pre_chat": which fields of the form are wrong, and how. */
    fields?: Record<string, string>;
}

const PREFIX = 'out.';

/**
 * Messages not yet acknowledged, one storage key each so that tabs writing at once cannot lose each
 * other's. Every call reads the storage: another tab may have sent or added something.
 */
export class Outbox {
    constructor(private store: Store) {}

    list(): Entry[] {
        const entries: Entry[] = [];
        for (const key of this.store.keys()) {
            if (!key.startsWith(PREFIX)) continue;
            const entry = this.#read(key);
            if (entry) entries.push(entry);
            else this.store.remove(key);
        }
        return entries.sort((a, b) => (a.mid < b.mid ? -1 : 1));
    }

    /** The next one to send, in the order of writing; refused ones wait for the visitor. */
    next(): Entry | null {
        return this.list().find((e) => !e.refused) ?? null;
    }

    has(mid: string): boolean {
        return this.store.get(PREFIX + mid) !== null;
    }

    put(entry: Entry): void {
        this.store.set(PREFIX + entry.mid, JSON.stringify(entry));
    }

    refuse(mid: string, code: string, fields: Record<string, string> = {}): void {
        const entry = this.#read(PREFIX + mid);
        if (entry) this.put({ ...entry, refused: code, fields });
    }

    /** The visitor wants it tried again, under the same name, with another beginning when there is one. */
    retry(mid: string, start?: Entry['start']): void {
        const entry = this.#read(PREFIX + mid);
        if (!entry) return;
        delete entry.refused;
        if (start) entry.start = { ...entry.start, ...start };
        this.put(entry);
    }

    remove(mid: string): void {
        this.store.remove(PREFIX + mid);
    }

    #read(key: string): Entry | null {
        try {
            const e = JSON.parse(this.store.get(key) ?? 'null') as Entry | null;
            if (!e || typeof e.mid !== 'string' || typeof e.body !== 'string' || !Array.isArray(e.files)) return null;
            return e;
        } catch {
            return null;
        }
    }
}
