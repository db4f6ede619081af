/** What the tabs of one visitor tell each other. */
export type TabNews =
    | { k: 'sent'; mid: string; body: string; conv: string; n: number; at: number }
    | { k: 'read'; conv: string; n: number }
    | { k: 'outbox' };

/** The other tabs on the same site. Where the browser lacks a means, tabs merely know less of each other. */
export class Tabs {
    #channel: BroadcastChannel | null = null;
    #tails = new Map<string, Promise<void>>();

    constructor(private name: string, heard: (news: TabNews) => void) {
        try {
            this.#channel = new BroadcastChannel(name);
            this.#channel.onmessage = (e) => heard(e.data as TabNews);
        } catch {
            // storage is denied: each tab is for itself
        }
    }

    tell(news: TabNews): void {
        this.#channel?.postMessage(news);
    }

    /**
     * Runs `work` when no other tab runs one of the same name. Without locks (plain http, denied storage)
     * it waits for those of this tab alone.
     */
    async alone(what: string, work: () => Promise<void>): Promise<void> {
        let began = false;
        try {
            return await navigator.locks.request(`${this.name}.${what}`, () => {
                began = true;
                return work();
            });
        } catch (error) {
            if (began) throw error;
        }
        const run = (this.#tails.get(what) ?? Promise.resolve()).then(work);
        this.#tails.set(what, run.catch(() => undefined));
        await run;
    }
}
