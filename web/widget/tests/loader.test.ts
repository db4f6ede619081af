import assert from 'node:assert/strict';
import { test } from 'node:test';
import { translate } from '../loader/calls';
import { fits } from '../loader/campaigns';

const now = { theme: () => 'dark' as const, locale: () => 'de' };
const calls = (name: string, ...rest: unknown[]): unknown => translate(name, rest, now);
const code = (name: string, ...rest: unknown[]): string => {
    try {
        calls(name, ...rest);
    } catch (error) {
        return (error as { code: string }).code;
    }
    return '';
};

test('a campaign shows where its address fits, and nowhere else', () => {
    for (const [pattern, url, expected] of [
        ['https://a.example/', 'https://a.example', true],
        ['https://a.example/*', 'https://a.example/shop/lamp', true],
        ['*/pricing', 'https://a.example/pricing/', true],
        ['https://a.example/pricing', 'https://a.example/pricing/x', false],
        ['https://a.example/a.c', 'https://a.example/abc', false],
        ['https://a.example/(x+)+$', 'https://a.example/(x+)+$', true],
        ['', 'https://a.example/', false],
    ] as const) {
        assert.equal(fits(pattern, url), expected, `${pattern} and ${url}`);
    }
});

test('a user is passed on as plain texts, whatever else hangs on the object', () => {
    const user = { name: 'Ada', email: '', age: 7, city: 'London', social_profiles: { github: 'ada' }, custom_attributes: { plan: 'pro', at: undefined }, do: () => 1 };
    assert.deepEqual(calls('setUser', 42, user), [
        { k: 'user', identity: { identifier: '42', name: 'Ada', city: 'London', social_profiles: { github: 'ada' }, custom_attributes: { plan: 'pro' } } },
    ]);
    assert.deepEqual(calls('setUser', '', { jwt: 'a.b.c' }), [{ k: 'user', identity: { jwt: 'a.b.c' } }]);
});

test('what cannot be right is refused with a code', () => {
    for (const id of ['', null, undefined, NaN, Infinity, {}, []]) assert.equal(code('setUser', id, { name: 'x' }), 'invalid_user');
    assert.equal(code('setUser', 'a', { phone_number: '1' }), 'invalid_user');
    for (const bad of [undefined, null, {}, [], 'x']) assert.equal(code('setCustomAttributes', bad), 'invalid_attributes');
    assert.equal(code('deleteCustomAttribute', ''), 'invalid_attributes');
    assert.equal(code('setLabel', 1), 'invalid_label');
    assert.equal(code('popout', null, 'name'), 'popup_blocked');
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    assert.throws(() => calls('setCustomAttributes', circle));
});

test('attributes and labels are set and taken back by the same messages', () => {
    assert.deepEqual(calls('setConversationCustomAttributes', { a: 1 }), [{ k: 'conversation', values: { a: 1 } }]);
    assert.deepEqual(calls('deleteConversationCustomAttribute', 'a'), [{ k: 'conversation', values: { a: null } }]);
    assert.deepEqual(calls('setLabel', 'vip'), [{ k: 'label', label: 'vip', on: true }]);
    assert.deepEqual(calls('removeLabel', 'vip'), [{ k: 'label', label: 'vip', on: false }]);
    assert.deepEqual(calls('setLocale', 'fr'), [{ k: 'locale', locale: 'de' }]);
    assert.deepEqual(calls('setColorScheme', 'x'), [{ k: 'theme', theme: 'dark' }]);
    assert.deepEqual(calls('unheardOf'), []);
});
