import type { DeskbellApi, DeskbellEvents, DeskbellSettings } from './types.js';

export type * from './types.js';

export interface DeskbellOptions {
    /** Where Deskbell runs: "https://support.example.com". */
    baseUrl: string;
    websiteToken: string;
    settings?: DeskbellSettings;
    /** Of the page's Content-Security-Policy, when that allows scripts by nonce. */
    nonce?: string;
}

let loading: Promise<DeskbellApi> | undefined;

/** Puts the chat on the page, once. Rejects when the script cannot be had; the next call tries again. */
export function loadDeskbell({ baseUrl, websiteToken, settings, nonce }: DeskbellOptions): Promise<DeskbellApi> {
    if (window.$deskbell?.hasLoaded) return Promise.resolve(window.$deskbell);
    return (loading ??= new Promise<DeskbellApi>((resolve, reject) => {
        window.deskbellSettings = { ...window.deskbellSettings, ...settings };
        const script = document.createElement('script');
        if (nonce) script.nonce = nonce;
        script.src = baseUrl.replace(/\/*$/, '/w.js');
        script.dataset.websiteToken = websiteToken;
        script.onerror = () => {
            loading = undefined;
            script.remove();
            reject(new Error(`${script.src} could not be loaded`));
        };
        addEventListener('deskbell:ready', () => resolve(window.$deskbell!), { once: true });
        document.head.append(script);
    }));
}

/** Listens to one of the chat's events, from before it is there; what it gives back ends that. */
export function onDeskbell<E extends keyof DeskbellEvents>(event: E, handler: (detail: DeskbellEvents[E]) => void): () => void {
    const listener = (e: Event): void => handler((e as CustomEvent<DeskbellEvents[E]>).detail);
    addEventListener(`deskbell:${event}`, listener);
    return () => removeEventListener(`deskbell:${event}`, listener);
}
