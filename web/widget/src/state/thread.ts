import type { ConvRow, MessageRow, Row } from '../protocol/types';

/** What the server has told of this visitor's conversations. Pure: no clock, no page. */
export class Thread {
    #messages = new Map<string, MessageRow>();
    #convs = new Map<string, ConvRow>();

    /** Takes rows in the server's order; returns the agents' messages that were not known before. */
    apply(rows: Row[], full = false): MessageRow[] {
        if (full) {
            this.#messages.clear();
            this.#convs.clear();
        }
        const fresh: MessageRow[] = [];
        for (const row of rows) {
            if (row.t === 'conv') {
                const known = this.#convs.get(row.id);
                const read_n = Math.max(row.read_n, known?.read_n ?? 0);
                this.#convs.set(row.id, { ...row, read_n });
                continue;
            }
            const old = this.#messages.get(row.id) ?? this.#at(row.conv, row.n);
            if (old && old.id !== row.id) this.#messages.delete(old.id);
            if (!old && row.dir === 'out') fresh.push(row);
            this.#messages.set(row.id, row);
        }
        return fresh;
    }

    /** One of the visitor's own, acknowledged before its row came. */
    sent(row: MessageRow): void {
        if (!this.#messages.has(row.id) && !this.#at(row.conv, row.n)) this.#messages.set(row.id, row);
    }

    has(id: string): boolean {
        return this.#messages.has(id);
    }

    get empty(): boolean {
        return this.#messages.size === 0;
    }

    conv(id: string): ConvRow | undefined {
        return this.#convs.get(id);
    }

    /** What the chat shows when no conversation was picked: those that go on, or else the newest. */
    current(): Set<string> {
        const last = this.list().pop()?.conv;
        const current = new Set(last ? [last] : []);
        for (const m of this.#messages.values()) if (!this.#resolved(m.conv)) current.add(m.conv);
        return current;
    }

    /** All messages, or those of some conversations, each in its own order, interleaved by time. */
    list(only?: Set<string>): MessageRow[] {
        const byConv = new Map<string, MessageRow[]>();
        for (const m of this.#messages.values()) {
            if (only && !only.has(m.conv)) continue;
            const some = byConv.get(m.conv);
            if (some) some.push(m);
            else byConv.set(m.conv, [m]);
        }
        const keyed: { m: MessageRow; at: number }[] = [];
        for (const some of byConv.values()) {
            some.sort((a, b) => a.n - b.n);
            let at = 0;
            for (const m of some) keyed.push({ m, at: (at = Math.max(at, m.at)) });
        }
        keyed.sort((a, b) => a.at - b.at || (a.m.conv < b.m.conv ? -1 : a.m.conv > b.m.conv ? 1 : a.m.n - b.m.n));
        return keyed.map((k) => k.m);
    }

    unread(): number {
        let sum = 0;
        for (const [id, last] of this.#newest()) {
            const conv = this.#convs.get(id);
            if (!conv) {
                for (const m of this.#messages.values()) if (m.conv === id && m.dir === 'out') sum++;
                continue;
            }
            if (conv.read_n >= last) continue;
            let count = conv.read_n < conv.last_n ? conv.unread : 0;
            for (const m of this.#messages.values()) {
                if (m.conv === id && m.dir === 'out' && m.n > conv.last_n && m.n > conv.read_n) count++;
            }
            sum += count;
        }
        return sum;
    }

    /** The marks to send when everything is on screen. */
    marks(only?: Set<string>): { conv: string; n: number }[] {
        const marks: { conv: string; n: number }[] = [];
        for (const [conv, n] of this.#newest()) {
            if ((this.#convs.get(conv)?.read_n ?? 0) < n && (!only || only.has(conv))) marks.push({ conv, n });
        }
        return marks;
    }

    read(conv: string, n: number): void {
        const known = this.#convs.get(conv) ?? { t: 'conv', id: conv, status: 'open', last_n: n, read_n: 0, unread: 0 };
        if (n <= known.read_n) return;
        this.#convs.set(conv, { ...known, read_n: n, unread: n >= known.last_n ? 0 : known.unread });
    }

    /** True when the newest conversation (of some) has ended. */
    closed(only?: Set<string>): boolean {
        const last = this.list(only).pop();
        return !!last && this.#resolved(last.conv);
    }

    #resolved(conv: string): boolean {
        return this.#convs.get(conv)?.status === 'resolved';
    }

    ongoing(): boolean {
        return !this.empty && !this.closed();
    }

    #at(conv: string, n: number): MessageRow | undefined {
        for (const m of this.#messages.values()) if (m.conv === conv && m.n === n) return m;
        return undefined;
    }

    /** Conversation → number of its newest agent message. */
    #newest(): Map<string, number> {
        const newest = new Map<string, number>();
        for (const m of this.#messages.values()) {
            if (m.dir === 'out') newest.set(m.conv, Math.max(m.n, newest.get(m.conv) ?? 0));
        }
        return newest;
    }
}
