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

    async get<T>(load: () => Promise<T>): Promise<T | null> {
        try {
            const [part] = await Promise.all([load(), this.texts.more()]);
            return part;
        } catch {
            this.#missed();
            return null;
        }
    }
}

export const parts = {
    campaigns: () => import('./campaigns'),
    emoji: () => import('./emoji'),
    files: () => import('./files'),
    cards: () => import('./file_card'),
    content: () => import('./content'),
    form: () => import('./form'),
    history: () => import('./history'),
    home: () => import('./home_more'),
    log: () => import('./log'),
    menu: () => import('./menu'),
    voice: () => import('./voice'),
};
