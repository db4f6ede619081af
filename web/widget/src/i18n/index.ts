import type { Catalog, Key, More, MoreKey } from './catalog';
import { core as en } from './en';
import { firstTexts, languages, moreTexts } from './languages';

const RIGHT_TO_LEFT = /^(ar|fa|he|ur)\b/;

const languageOf = (tag: string): string => tag.toLowerCase().split(/[-_]/)[0] ?? '';

/**
 * The first of the wanted languages there is a catalog for, else English. A page that says "en" and a
 * visitor who reads "en-GB" get British times and dates.
 */
export function pick(wanted: readonly string[]): string {
    for (const tag of wanted) {
        const language = languageOf(tag);
        if (language !== 'en' && !languages.includes(language)) continue;
        return wanted.find((w) => w.length > 2 && languageOf(w) === language) ?? tag;
    }
    return 'en';
}

export function fill(text: string, values: Record<string, string | number>): string {
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** Texts, numbers and times in one language. */
export class Texts {
    readonly dir: 'ltr' | 'rtl';
    #plural: Intl.PluralRules;
    #more: Partial<More> = {};

    constructor(readonly locale: string, private catalog: Catalog) {
        this.dir = RIGHT_TO_LEFT.test(locale) ? 'rtl' : 'ltr';
        this.#plural = new Intl.PluralRules(locale);
    }

    /** English at once; any other language by its own small file, English again should that fail. */
    static async load(wanted: readonly string[]): Promise<Texts> {
        const locale = pick(wanted);
        const language = languageOf(locale);
        try {
            return new Texts(safeLocale(locale), language === 'en' ? en : await firstTexts(language));
        } catch {
            return new Texts('en', en);
        }
    }

    /** Brings the texts of the parts that come later. */
    async more(): Promise<void> {
        if (!Object.keys(this.#more).length) this.#more = await moreTexts(this.catalog === en ? 'en' : languageOf(this.locale));
    }

    t(key: Key | MoreKey, values: Record<string, string | number> = {}): string {
        const entry = this.catalog[key as Key] ?? this.#more[key as MoreKey] ?? '';
        if (typeof entry === 'string') return fill(entry, values);
        const n = Number(values.n ?? 0);
        const text = entry[this.#plural.select(n)] ?? entry.other ?? '';
        return fill(text, { ...values, n: n.toLocaleString(this.locale) });
    }

    time(at: number): string {
        return new Date(at).toLocaleTimeString(this.locale, { hour: 'numeric', minute: '2-digit' });
    }

    /** A moment near now: the time alone today, else with the day. */
    when(at: number, now: number): string {
        if (midnight(at) === midnight(now)) return this.time(at);
        const far = Math.abs(at - now) > 6 * 86_400_000;
        const day = far ? ({ day: 'numeric', month: 'short' } as const) : ({ weekday: 'short', hour: 'numeric', minute: '2-digit' } as const);
        return new Date(at).toLocaleString(this.locale, day);
    }
}

export const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

function safeLocale(tag: string): string {
    try {
        return Intl.getCanonicalLocales(tag.replace(/_/g, '-'))[0] ?? 'en';
    } catch {
        return tag.slice(0, 2);
    }
}
