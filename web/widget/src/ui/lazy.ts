import type { Texts } from '../i18n';

const FIRST_PAUSE_MS = 500;
const DOUBLINGS = 6;
/** What the visitor asked for opens by itself for as long. */
const PATIENCE_MS = 5_000;

/** The parts that come when they are first wanted, each with the texts it needs. */
export class Lazy {
    /** As many parts are wanted and could not be had so far. */
    missing = 0;
    #coming = new Map<unknown, Promise<unknown>>();

    /** `changed`: some are missing, or no more. After `gone` nothing comes. */
    constructor(private texts: Texts, private gone: AbortSignal, private changed: () => void) {}

    /** The part, whenever it comes. `plain`: it says nothing but what the first texts hold. */
    get<T>(load: () => Promise<T>, plain = false): Promise<T> {
        const coming = this.#coming.get(load) ?? this.#fetch(load, plain);
        this.#coming.set(load, coming);
        return coming as Promise<T>;
    }

    /** The part, or null when it came too late for something to open that was asked for. */
    async soon<T>(load: () => Promise<T>): Promise<T | null> {
        const at = Date.now();
        const part = await this.get(load);
        return Date.now() - at < PATIENCE_MS ? part : null;
    }

    /** Tries until the network has brought it, with growing pauses, which end early when the line is back. */
    async #fetch<T>(load: () => Promise<T>, plain: boolean): Promise<T> {
        for (let tries = 0; ; ++tries) {
            const [part] = await Promise.all([load(), plain || this.texts.more()]).catch(() => []);
            if (this.gone.aborted) await new Promise(() => undefined);
            if (part ? tries : !tries) {
                this.missing += part ? -1 : 1;
                this.changed();
            }
            if (part) return part;
            const ms = FIRST_PAUSE_MS * 2 ** Math.min(tries, DOUBLINGS) * (0.5 + Math.random());
            await new Promise<unknown>((go) => {
                setTimeout(go, ms);
                addEventListener('online', go, { once: true, signal: AbortSignal.timeout(ms) });
            });
        }
    }
}

export const parts = {
    campaigns: () => import('./campaigns'),
    drop: () => import('./drop'),
    emoji: () => import('./emoji'),
    extras: () => import('./composer_extras'),
    files: () => import('./files'),
    cards: () => import('./file_card'),
    content: () => import('./content'),
    home: () => import('./home'),
    hours: () => import('./home_more'),
    log: () => import('./log'),
    // They are dressed as the first screen is.
    screens: () => Promise.all([import('./screens'), parts.home()]).then(([part]) => part),
    voice: () => import('./voice'),
};

/** Asks for what may be wanted soon; it does not matter whether that works. */
export const fetchAhead = (load: () => Promise<unknown>): void => void load().catch(() => undefined);
