import type { Texts } from './index';

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
