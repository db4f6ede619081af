import type { More } from '../catalog';
import { more as en } from './en';

const others: Record<string, () => Promise<{ more: More }>> = {
    ar: () => import('./ar'),
    de: () => import('./de'),
    es: () => import('./es'),
    fa: () => import('./fa'),
    fr: () => import('./fr'),
    he: () => import('./he'),
    it: () => import('./it'),
    ja: () => import('./ja'),
    nl: () => import('./nl'),
    pl: () => import('./pl'),
    pt: () => import('./pt'),
    ru: () => import('./ru'),
    tr: () => import('./tr'),
    zh: () => import('./zh'),
};

/** What the parts say that come later, in a language. */
export async function moreTexts(language: string): Promise<More> {
    const load = others[language];
    return load ? (await load()).more : en;
}
