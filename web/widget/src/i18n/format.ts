import { midnight, type Texts } from './index';

/** A day as one speaks of it. */
export function dayName(texts: Texts, at: number, now: number): string {
    const days = Math.round((midnight(now) - midnight(at)) / 86_400_000);
    if (days === 0) return texts.t('today');
    if (days === 1) return texts.t('yesterday');
    const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? undefined : 'numeric';
    return new Date(at).toLocaleDateString(texts.locale, { weekday: year ? undefined : 'long', day: 'numeric', month: 'long', year });
}

export function percent(texts: Texts, part: number): string {
    return part.toLocaleString(texts.locale, { style: 'percent', maximumFractionDigits: 0 });
}

export function fileSize(texts: Texts, bytes: number): string {
    const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
    let unit = 0;
    let value = bytes;
    while (value >= 1000 && unit < 3) {
        value /= 1024;
        unit++;
    }
    const maximumFractionDigits = value < 10 && unit > 1 ? 1 : 0;
    return value.toLocaleString(texts.locale, { style: 'unit', unit: units[unit], unitDisplay: 'short', maximumFractionDigits });
}
