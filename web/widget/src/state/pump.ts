import type { Entry, Outbox } from './outbox';

export type SendResult =
    | { kind: 'ok'; conv: string; n: number; at: number }
    | { kind: 'no'; code: string; ms: number; fields?: Record<string, string> }
    | { kind: 'lost' };

export interface PumpWorld {
    /** Runs `work` while no other tab sends; where tabs cannot agree, merely runs it. */
    alone(work: () => Promise<void>): Promise<void>;
    live(): boolean;
    send(entry: Entry): Promise<SendResult>;
    after(ms: number, run: () => void): void;
    sent(entry: Entry, result: { conv: string; n: number; at: number }): void;
    changed(): void;
}

/** Empties the outbox, one message at a time, in order; a message leaves it only when the server has it. */
export class Pump {
    #running = false;
    #again = false;
    #held = false;

    constructor(private outbox: Outbox, private world: PumpWorld) {}

    /** Call whenever there may be something to send: a new entry, a live link. */
    async kick(): Promise<void> {
        this.#again = true;
        if (this.#running || this.#held) return;
        this.#running = true;
        try {
            while (this.#again) {
                this.#again = false;
                if (!this.world.live() || !this.outbox.next()) break;
                await this.world.alone(() => this.#drain());
            }
        } finally {
            this.#running = false;
        }
    }

    async #drain(): Promise<void> {
        for (let entry = this.outbox.next(); entry && this.world.live(); entry = this.outbox.next()) {
            const result = await this.world.send(entry);
            if (result.kind === 'lost') return;
            if (result.kind === 'ok') {
                this.world.sent(entry, result);
                this.outbox.remove(entry.mid);
            } else if (result.code === 'rate') {
                this.#hold(Math.min(60_000, Math.max(500, result.ms)));
                return;
            } else {
                this.outbox.refuse(entry.mid, result.code || 'invalid', result.fields);
            }
            this.world.changed();
        }
    }

    #hold(ms: number): void {
        this.#held = true;
        this.world.after(ms, () => {
            this.#held = false;
            void this.kick();
        });
    }
}
