import type { Texts } from '../i18n';

/**
 * The parts that come when they are first wanted, each with the texts it needs. What cannot be had now
 * (no network) is null; the next call tries again.
 */
export class Lazy {
    #missed: () => void;

    constructor(private texts: Texts, missed: () => void) {
        this.#missed = missed;
    }

    /** `plain`: it says nothing but what the first texts hold. */
    async get<T>(load: () => Promise<T>, plain = false): Promise<T | null> {
        try {
            const [part] = await Promise.all([load(), plain || this.texts.more()]);
            return part;
        } catch {
            this.#missed();
            return null;
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
    form: () => import('./form'),
    history: () => import('./history'),
    home: () => import('./home'),
    hours: () => import('./home_more'),
    log: () => import('./log'),
    menu: () => import('./menu'),
    voice: () => import('./voice'),
};
