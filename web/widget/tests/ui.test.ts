import assert from 'node:assert/strict';
import test from 'node:test';
import { decodeFrame, decodeSession } from '../src/protocol/decode';
import type { FileRef, MessageRow } from '../src/protocol/types';
import { Outbox } from '../src/state/outbox';
import { BrowserStore, MemoryStore } from '../src/state/storage';
import { Thread } from '../src/state/thread';
import { Uploads, type UploadWorld } from '../src/state/uploads';
import { initials, tint } from '../src/ui/avatar';
import { brand, contrast, parseColor } from '../src/ui/colors';
import { buildItems } from '../src/ui/items';
import { linkify, onlyEmoji } from '../src/ui/linkify';
import { Clock, settle } from './world';

const links = (text: string): (string | undefined)[] => linkify(text).filter((p) => p.href).map((p) => p.href);

test('links are found without the punctuation around them', () => {
    assert.deepEqual(links('see https://example.com/a?b=1&c=2. thanks'), ['https://example.com/a?b=1&c=2']);
    assert.deepEqual(links('(https://en.wikipedia.org/wiki/Lamp_(light)) ok'), ['https://en.wikipedia.org/wiki/Lamp_(light)']);
    assert.deepEqual(links('www.example.com, or mail me@example.co.uk!'), ['https://www.example.com/', 'mailto:me@example.co.uk']);
    assert.deepEqual(links('http://localhost:3000/x and http://[::1]/'), ['http://localhost:3000/x', 'http://[::1]/']);
    assert.equal(linkify('a https://example.com b').map((p) => p.text).join(''), 'a https://example.com b');
});

test('nothing but http, https and mailto becomes a link', () => {
    for (const bad of [
        'javascript:alert(1)', 'JaVaScRiPt:alert(1)//http', 'data:text/html,<script>', 'vbscript:x', 'file:///etc/passwd', 'blob:https://x.y/z',
        'intent://x#Intent', '<a href="x">', 'mailto:', 'https://', 'http://nodots', 'ftp://example.com',
    ]) {
        for (const href of links(bad)) assert.match(href!, /^(https?|mailto):/, bad);
    }
    assert.deepEqual(links('javascript:alert(1)'), []);
    assert.deepEqual(links('xhttps://example.com'), []);
    const hidden = linkify('https://good.example/\u202eevil');
    assert.equal(hidden[0]!.text, 'https://good.example/');
});

test('every text survives linkify whole, hostile or long', () => {
    for (const text of ['', '@', '@@@@', 'a@b', ')'.repeat(5000), 'https://' + '('.repeat(3000), 'a.'.repeat(4000) + '@x.y', 'https://a.b/' + '.'.repeat(2000), '💥 \u0000 \ud800']) {
        assert.equal(linkify(text).map((p) => p.text).join(''), text);
    }
});

test('a few emoji alone are large', () => {
    for (const yes of ['👍', '👍🏽', '❤️', '👨‍👩‍👧', '🎉 🎉']) assert.equal(onlyEmoji(yes), true, yes);
    for (const no of ['', 'ok 👍', '123', '😀😀😀😀', '#', '   ']) assert.equal(onlyEmoji(no), false, no);
});

const row = (n: number, dir: 'in' | 'out', at: number, conv = 'c', name = 'Sara'): MessageRow => ({
    t: 'message', id: `${conv}${n}`, conv, n, dir, from: dir === 'out' ? { name, avatar: null } : null, body: `${conv}${n}`, at, att: [],
});

test('bubbles run together by speaker and time, days stand between', () => {
    const noon = new Date(2026, 0, 5, 12).getTime();
    const items = buildItems([row(1, 'in', noon - 86_400_000), row(2, 'out', noon), row(3, 'out', noon + 60_000), row(4, 'out', noon + 600_000)], [], true);
    assert.deepEqual(items.map((i) => i.kind), ['day', 'bubble', 'day', 'bubble', 'bubble', 'bubble']);
    const bubbles = items.filter((i) => i.kind === 'bubble');
    assert.deepEqual(bubbles.map((b) => [b.first, b.last]), [[true, true], [true, false], [false, true], [true, true]]);
    assert.deepEqual(bubbles.map((b) => b.tail), [true, false, false, false]);
});

test('the outbox stands below, as sending, waiting or failed, and never beside its own delivered copy', () => {
    const entry = { mid: 'm', body: 'x', files: [], at: 1 };
    const state = (live: boolean, refused?: string): string => {
        const item = buildItems([], [{ ...entry, refused }], live).at(-1)!;
        return item.kind === 'bubble' ? item.state : '';
    };
    assert.deepEqual([state(true), state(false), state(true, 'blocked')], ['sending', 'waiting', 'failed']);
    assert.equal(buildItems([{ ...row(1, 'in', 1), id: 'm' }], [entry], true).length, 2);
});

test('rows replace by id and by number, conversations interleave by time', () => {
    const thread = new Thread();
    thread.sent({ ...row(1, 'in', 10, 'a'), id: 'mid-1' });
    thread.apply([row(1, 'in', 10, 'a'), row(1, 'out', 20, 'b'), row(2, 'out', 30, 'a')]);
    assert.deepEqual(thread.list().map((m) => m.id), ['a1', 'b1', 'a2']);
    thread.apply([{ ...row(2, 'out', 30, 'a'), body: 'changed' }]);
    assert.equal(thread.list().at(-1)!.body, 'changed');
    assert.equal(thread.unread(), 2);
});

test('unread counts from the server\'s number and what came since', () => {
    const thread = new Thread();
    thread.apply([{ t: 'conv', id: 'c', status: 'open', last_n: 40, read_n: 30, unread: 7 }, row(40, 'out', 1)]);
    assert.equal(thread.unread(), 7);
    thread.apply([row(41, 'out', 2), row(42, 'in', 3)]);
    assert.equal(thread.unread(), 8);
    thread.read('c', 41);
    assert.equal(thread.unread(), 0);
    thread.apply([{ t: 'conv', id: 'c', status: 'resolved', last_n: 42, read_n: 41, unread: 0 }]);
    assert.equal(thread.closed(), true);
    assert.equal(thread.ongoing(), false);
});

test('an outbox passes over what is broken in its storage', () => {
    const store = new MemoryStore();
    store.set('out.b', '{');
    store.set('out.c', '{"mid":7}');
    store.set('other', 'x');
    const outbox = new Outbox(store);
    outbox.put({ mid: 'z', body: 'later', files: [], at: 2 });
    outbox.put({ mid: 'a', body: 'sooner', files: [], at: 1 });
    assert.deepEqual(outbox.list().map((e) => e.mid), ['a', 'z']);
    assert.equal(outbox.next()!.mid, 'a');
    assert.deepEqual(store.keys().sort(), ['other', 'out.a', 'out.z']);
});

test('a storage that is denied or full leaves a working one in memory', () => {
    const denied = new BrowserStore(() => {
        throw new Error('denied');
    }, 'p.');
    denied.set('k', 'v');
    assert.equal(denied.get('k'), 'v');
    assert.deepEqual(denied.keys(), ['k']);
    denied.remove('k');
    assert.equal(denied.get('k'), null);
});

test('hostile rows lose what could hurt', () => {
    const frame = decodeFrame(JSON.stringify({
        k: 'm', rows: [{
            t: 'message', id: 'x', conv: 'c', n: '7', dir: 'sideways', from: { name: 'A', avatar: 'https://evil.example/a.png' }, body: { a: 1 }, at: null,
            att: [{ id: 'f', url: 'javascript:alert(1)', thumb: '//evil.example/x' }, { id: 'g', url: '/\\evil.example', name: 5 }, { id: 'h', url: '/blob/h?sig=1' }, 'x'],
        }],
    }));
    assert.equal(frame!.k, 'm');
    const m = (frame as { rows: MessageRow[] }).rows[0]!;
    assert.deepEqual([m.n, m.dir, m.body, m.at, m.from!.avatar], [0, 'out', '', 0, null]);
    assert.deepEqual(m.att.map((a) => [a.url, a.thumb]), [[null, null], [null, null], ['/blob/h?sig=1', null]]);
    assert.equal(decodeSession({ rows: [] }), null);
    assert.equal(decodeSession('x'), null);
});

test('any inbox colour gives readable pairs in light and dark', () => {
    const rgb = (css: string): [number, number, number] => css.match(/\d+/g)!.map(Number) as [number, number, number];
    for (const color of ['#5157E6', '#ffffff', '#000000', '#ffcc00', '#ff7a00', '#777777', '#0f0', '#e11d48', '#2f4a3f']) {
        for (const dark of [false, true]) {
            const c = brand(color, dark);
            assert.ok(contrast(rgb(c['--brand']!), rgb(c['--onBrand']!)) >= 4.5, `${color} fill`);
            assert.ok(contrast(rgb(c['--brandDeep']!), rgb(c['--onBrand']!)) >= 4.5, `${color} deep`);
            assert.ok(contrast(rgb(c['--brandText']!), dark ? [23, 23, 28] : [255, 255, 255]) >= 4.5, `${color} text`);
        }
    }
    assert.deepEqual(brand('red; background:url(x)', false), {});
    assert.equal(parseColor('#12345'), null);
});

test('initials and tints of any name', () => {
    assert.deepEqual(['Sara Lind', 'cher', '山田 太郎', '  ', '«!»', 'Ana María del Mar'].map(initials), ['SL', 'C', '山太', '•', '•', 'AM']);
    for (const name of ['a', 'Sara', '山田', '']) assert.ok(tint(name) >= 0 && tint(name) < 7);
});

function uploadRig(results: { kind: 'ok' | 'failed' | 'refused'; status?: number }[]): { clock: Clock; uploads: Uploads; ids: string[] } {
    const clock = new Clock();
    const ids: string[] = [];
    let next = 0;
    const world: UploadWorld = {
        id: () => `u${next++}`,
        token: () => 't',
        limit: () => 100,
        after: clock.after,
        changed: () => undefined,
        start: async (file, id, name) => {
            ids.push(id);
            const result = results.shift() ?? { kind: 'ok' };
            if (result.kind === 'ok') return { kind: 'ok', file: { id, name, mime: file.type, size: file.size } satisfies FileRef };
            return result.kind === 'refused' ? { kind: 'refused', status: result.status ?? 400 } : { kind: 'failed' };
        },
    };
    return { clock, uploads: new Uploads(world), ids };
}
const file = (size: number): { file: Blob; name: string } => ({ file: new Blob(['x'.repeat(size)]), name: 'a.txt' });

test('an upload is tried again under the same id and then left to the visitor', async () => {
    const { clock, uploads, ids } = uploadRig(Array.from({ length: 4 }, () => ({ kind: 'failed' as const })));
    uploads.add([file(3)]);
    await clock.advance(60_000);
    assert.deepEqual(ids, ['u0', 'u0', 'u0', 'u0']);
    assert.equal(uploads.items[0]!.state, 'failed');
    assert.equal(uploads.busy, true);
    uploads.retry('u0');
    await settle();
    assert.equal(uploads.busy, false);
    assert.equal(uploads.take().length, 1);
    assert.equal(uploads.items.length, 0);
});

test('what is too large or refused is not tried again; ten files at most', async () => {
    const { clock, uploads, ids } = uploadRig([{ kind: 'refused', status: 415 }]);
    uploads.add([file(101), file(1)]);
    await clock.advance(60_000);
    assert.deepEqual(uploads.items.map((i) => [i.state, i.refused]), [['failed', 'too_large'], ['failed', 'type_refused']]);
    assert.equal(ids.length, 1);
    assert.equal(uploads.add(Array.from({ length: 10 }, () => file(1))), 2);
    uploads.remove('u0');
    assert.equal(uploads.items.length, 9);
});
