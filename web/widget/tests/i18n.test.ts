import assert from 'node:assert/strict';
import test from 'node:test';
import { Texts, pick } from '../src/i18n';
import { dayName } from '../src/i18n/day';
import { fileSize } from '../src/i18n/format';
import type { Entry } from '../src/i18n/catalog';
import * as english_ from '../src/i18n/en';
import { more as enMore } from '../src/i18n/more/en';
import { core as ar } from '../src/i18n/ar';
import { more as arMore } from '../src/i18n/more/ar';
import { core as de } from '../src/i18n/de';
import { more as deMore } from '../src/i18n/more/de';
import { core as es } from '../src/i18n/es';
import { more as esMore } from '../src/i18n/more/es';
import { core as fa } from '../src/i18n/fa';
import { more as faMore } from '../src/i18n/more/fa';
import { core as fr } from '../src/i18n/fr';
import { more as frMore } from '../src/i18n/more/fr';
import { core as he } from '../src/i18n/he';
import { more as heMore } from '../src/i18n/more/he';
import { core as it } from '../src/i18n/it';
import { more as itMore } from '../src/i18n/more/it';
import { core as ja } from '../src/i18n/ja';
import { more as jaMore } from '../src/i18n/more/ja';
import { core as nl } from '../src/i18n/nl';
import { more as nlMore } from '../src/i18n/more/nl';
import { core as pl } from '../src/i18n/pl';
import { more as plMore } from '../src/i18n/more/pl';
import { core as pt } from '../src/i18n/pt';
import { more as ptMore } from '../src/i18n/more/pt';
import { core as ru } from '../src/i18n/ru';
import { more as ruMore } from '../src/i18n/more/ru';
import { core as tr } from '../src/i18n/tr';
import { more as trMore } from '../src/i18n/more/tr';
import { core as zh } from '../src/i18n/zh';
import { more as zhMore } from '../src/i18n/more/zh';

const english: Record<string, Entry> = { ...english_.core, ...enMore };
const catalogs: Record<string, Record<string, Entry>> = {
    en: english,
    ar: { ...ar, ...arMore },
    de: { ...de, ...deMore },
    es: { ...es, ...esMore },
    fa: { ...fa, ...faMore },
    fr: { ...fr, ...frMore },
    he: { ...he, ...heMore },
    it: { ...it, ...itMore },
    ja: { ...ja, ...jaMore },
    nl: { ...nl, ...nlMore },
    pl: { ...pl, ...plMore },
    pt: { ...pt, ...ptMore },
    ru: { ...ru, ...ruMore },
    tr: { ...tr, ...trMore },
    zh: { ...zh, ...zhMore },
};

const forms = (entry: Entry): string[] => (typeof entry === 'string' ? [entry] : Object.values(entry));
const holes = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map((m) => m[0]).sort();

test('every catalog has every text, with the same holes', () => {
    assert.ok(Object.keys(catalogs).length >= 12);
    for (const [locale, catalog] of Object.entries(catalogs)) {
        assert.deepEqual(Object.keys(catalog), Object.keys(english), locale);
        for (const key of Object.keys(english)) {
            const allowed = new Set(forms(english[key]!).flatMap(holes));
            for (const text of forms(catalog[key]!)) {
                assert.ok(text.trim(), key);
                for (const hole of holes(text)) assert.ok(allowed.has(hole), `${locale} ${key}: ${hole}`);
                if (typeof english[key] === 'string') assert.deepEqual(holes(text), holes(english[key] as string), `${locale} ${key}`);
            }
        }
    }
});

test('every plural category of a language has its form', () => {
    for (const [locale, catalog] of Object.entries(catalogs)) {
        const wanted = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
        for (const entry of Object.values(catalog)) {
            if (typeof entry === 'string') continue;
            for (const category of wanted) assert.ok(entry[category] ?? entry.other, `${locale} ${category}`);
        }
    }
});

test('the first language there is a catalog for wins, with the visitor\'s region', () => {
    assert.equal(pick(['sv', 'de-AT', 'en']), 'de-AT');
    assert.equal(pick(['xx']), 'en');
    assert.equal(pick(['en', 'de-DE', 'en-GB']), 'en-GB');
    assert.equal(pick([]), 'en');
});

test('direction, plurals, days and sizes speak the language', async () => {
    const british = await Texts.load(['en-GB']);
    const arabic = await Texts.load(['ar']);
    const german = await Texts.load(['de']);
    for (const texts of [british, arabic, german]) await texts.more();
    assert.deepEqual([british.dir, arabic.dir], ['ltr', 'rtl']);
    assert.equal(british.t('unread', { n: 1 }), '1 unread message');
    assert.equal(british.t('unread', { n: 1200 }), '1,200 unread messages');
    assert.equal(arabic.t('unread', { n: 2 }), 'رسالتان غير مقروءتين');
    assert.equal(german.t('typing', { name: '{n}' }), '{n} schreibt…');
    const noon = new Date(2026, 2, 15, 12).getTime();
    assert.equal(dayName(british, noon - 3_600_000, noon), 'Today');
    assert.equal(dayName(british, noon - 86_400_000, noon), 'Yesterday');
    assert.match(dayName(british, new Date(2024, 0, 2).getTime(), noon), /2024/);
    assert.equal(fileSize(british, 41943040), '40 MB');
    assert.equal(fileSize(british, 512), '512 byte');
});

test('an odd language tag falls back instead of failing', async () => {
    for (const tag of ['en_US', 'en-', 'de_CH', 'ar-x']) assert.ok((await Texts.load([tag])).t('send'), tag);
});
