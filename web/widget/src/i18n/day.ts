import { midnight, type Texts } from './index';

/** A day as one speaks of it. */
export function dayName(texts: Texts, at: number, now: number): string {
    const days = Math.round((midnight(now) - midnight(at)) / 86_400_000);
    if (days === 0) return texts.t('today');
    if (days === 1) return texts.t('yesterday');
    const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? undefined : 'numeric';
    return new Date(at).toLocaleDateString(texts.locale, { weekday: year ? undefined : 'long', day: 'numeric', month: 'long', year });
}
