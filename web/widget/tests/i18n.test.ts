import assert from 'node:assert/strict';
import test from 'node:test';
import { Texts, pick } from '../src/i18n';
import { core as ar } from '../src/i18n/ar';
import { core as de } from '../src/i18n/de';
import { en } from '../src/i18n/en';

const forms = (entry: (typeof en)[keyof typeof en]): string[] => (typeof entry === 'string' ? [entry] : Object.values(entry));
const holes = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map((m) => m[0]).sort();

test('every catalog has every text, with the same holes', () => {
    for (const catalog of [de, ar]) {
        assert.deepEqual(Object.keys(catalog), Object.keys(en));
        for (const key of Object.keys(en) as (keyof typeof en)[]) {
            const allowed = new Set(forms(en[key]).flatMap(holes));
            for (const text of forms(catalog[key])) {
                assert.ok(text.trim(), key);
                for (const hole of holes(text)) assert.ok(allowed.has(hole), `${key}: ${hole}`);
                if (typeof en[key] === 'string') assert.deepEqual(holes(text), holes(en[key] as string), key);
            }
        }
    }
});

test('every plural category of a language has its form', () => {
    for (const [locale, catalog] of [['en', en], ['de', de], ['ar', ar]] as const) {
        const wanted = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
        for (const entry of Object.values(catalog)) {
            if (typeof entry === 'string') continue;
            for (const category of wanted) assert.ok(entry[category] ?? entry.other, category);
        }
    }
});

test('the first language there is a catalog for wins, with the visitor\'s region', () => {
    assert.equal(pick(['fr', 'de-AT', 'en']), 'de-AT');
    assert.equal(pick(['xx']), 'en');
    assert.equal(pick(['en', 'de-DE', 'en-GB']), 'en-GB');
    assert.equal(pick([]), 'en');
});

test('direction, plurals, days and sizes speak the language', async () => {
    const english = await Texts.load(['en-GB']);
    const arabic = await Texts.load(['ar']);
    const german = await Texts.load(['de']);
    assert.deepEqual([english.dir, arabic.dir], ['ltr', 'rtl']);
    assert.equal(english.t('unread', { n: 1 }), '1 unread message');
    assert.equal(english.t('unread', { n: 1200 }), '1,200 unread messages');
    assert.equal(arabic.t('unread', { n: 2 }), 'رسالتان غير مقروءتين');
    assert.equal(german.t('typing', { name: '{n}' }), '{n} schreibt…');
    const noon = new Date(2026, 2, 15, 12).getTime();
    assert.equal(english.day(noon - 3_600_000, noon), 'Today');
    assert.equal(english.day(noon - 86_400_000, noon), 'Yesterday');
    assert.match(english.day(new Date(2024, 0, 2).getTime(), noon), /2024/);
    assert.equal(english.size(41943040), '40 MB');
    assert.equal(english.size(512), '512 byte');
});

test('an odd language tag falls back instead of failing', async () => {
    for (const tag of ['en_US', 'en-', 'de_CH', 'ar-x']) assert.ok((await Texts.load([tag])).t('send'), tag);
});
