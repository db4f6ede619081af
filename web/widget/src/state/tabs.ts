/** What the tabs of one visitor tell each other. */
export type TabNews =
    | { k: 'sent'; mid: string; body: string; conv: string; n: number; at: number }
    | { k: 'read'; conv: string; n: number }
    | { k: 'outbox' };

/** The other tabs on the same site. Where the browser lacks a means, tabs merely know less of each other. */
export class Tabs {
    #channel: BroadcastChannel | null = null;
    #tail: Promise<void> = Promise.resolve();

    constructor(private name: string, heard: (news: TabNews) => void) {
        if (typeof BroadcastChannel === 'function') {
            this.#channel = new BroadcastChannel(name);
            this.#channel.onmessage = (e) => heard(e.data as TabNews);
        }
    }

    tell(news: TabNews): void {
        this.#channel?.postMessage(news);
    }

    /** Runs `work` when no other tab runs one of the same name. Plain http has no locks: then one at a time here. */
    async alone(what: string, work: () => Promise<void>): Promise<void> {
        if (typeof navigator !== 'undefined' && navigator.locks) {
            await navigator.locks.request(`${this.name}.${what}`, work);
            return;
        }
        const run = this.#tail.then(work);
        this.#tail = run.catch(() => undefined);
        await run;
    }
}
