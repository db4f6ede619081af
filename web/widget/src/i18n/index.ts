import type { Catalog, Key, More, MoreKey } from './catalog';
import { en } from './en';

/** Two small files a language: what the first screen says, and the rest. */
const others: Record<string, [() => Promise<{ core: Catalog }>, () => Promise<{ more: More }>]> = {
    ar: [() => import('./ar'), () => import('./more/ar')],
    de: [() => import('./de'), () => import('./more/de')],
    es: [() => import('./es'), () => import('./more/es')],
    fa: [() => import('./fa'), () => import('./more/fa')],
    fr: [() => import('./fr'), () => import('./more/fr')],
    he: [() => import('./he'), () => import('./more/he')],
    it: [() => import('./it'), () => import('./more/it')],
    ja: [() => import('./ja'), () => import('./more/ja')],
    nl: [() => import('./nl'), () => import('./more/nl')],
    pl: [() => import('./pl'), () => import('./more/pl')],
    pt: [() => import('./pt'), () => import('./more/pt')],
    ru: [() => import('./ru'), () => import('./more/ru')],
    tr: [() => import('./tr'), () => import('./more/tr')],
    zh: [() => import('./zh'), () => import('./more/zh')],
};
const RIGHT_TO_LEFT = /^(ar|fa|he|ur)\b/;

const languageOf = (tag: string): string => tag.toLowerCase().split(/[-_]/)[0] ?? '';

/**
 * The first of the wanted languages there is a catalog for, else English. A page that says "en" and a
 * visitor who reads "en-GB" get British times and dates.
 */
export function pick(wanted: readonly string[]): string {
    for (const tag of wanted) {
        const language = languageOf(tag);
        if (language !== 'en' && !(language in others)) continue;
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
        const load = others[languageOf(locale)];
        try {
            return new Texts(safeLocale(locale), load ? (await load[0]()).core : en);
        } catch {
            return new Texts('en', en);
        }
    }

    /** Brings the texts of the parts that come later; English ones where the language's cannot be had. */
    async more(): Promise<void> {
        if (Object.keys(this.#more).length) return;
        const load = this.catalog !== en && others[languageOf(this.locale)];
        this.#more = (await (load ? load[1]() : import('./more/en'))).more;
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

    day(at: number, now: number): string {
        const days = Math.round((midnight(now) - midnight(at)) / 86_400_000);
        if (days === 0) return this.t('today');
        if (days === 1) return this.t('yesterday');
        const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? undefined : 'numeric';
        return new Date(at).toLocaleDateString(this.locale, { weekday: year ? undefined : 'long', day: 'numeric', month: 'long', year });
    }

    /** A moment near now: the time alone today, else with the day. */
    when(at: number, now: number): string {
        if (midnight(at) === midnight(now)) return this.time(at);
        const far = Math.abs(at - now) > 6 * 86_400_000;
        const day = far ? ({ day: 'numeric', month: 'short' } as const) : ({ weekday: 'short', hour: 'numeric', minute: '2-digit' } as const);
        return new Date(at).toLocaleString(this.locale, day);
    }

    percent(part: number): string {
        return part.toLocaleString(this.locale, { style: 'percent', maximumFractionDigits: 0 });
    }

    size(bytes: number): string {
        const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
        let unit = 0;
        let value = bytes;
        while (value >= 1000 && unit < 3) {
            value /= 1024;
            unit++;
        }
        const maximumFractionDigits = value < 10 && unit > 1 ? 1 : 0;
        return value.toLocaleString(this.locale, { style: 'unit', unit: units[unit], unitDisplay: 'short', maximumFractionDigits });
    }
}

const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

function safeLocale(tag: string): string {
    try {
        return Intl.getCanonicalLocales(tag.replace(/_/g, '-'))[0] ?? 'en';
    } catch {
        return tag.slice(0, 2);
    }
}
