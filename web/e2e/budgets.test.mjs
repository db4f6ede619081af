// What the chat costs a page, measured in a Chromium with a slow processor and a slow line (ux.md W1 to W3). Bytes, requests and
// shifts are held; times are only told.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchBrowser } from './browser.mjs';
import { page, tag } from './host_site.mjs';
import { TestServer } from './server.mjs';
import { visit as visitWith } from './visit.mjs';

const KIB = 1024;
/** Chromium's own words for a phone on the road. */
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: (1.6 * KIB * KIB) / 8, uploadThroughput: (750 * KIB) / 8 };
const SLOW_CPU = 4;
/** More than the files of the first screens: the answers of the session, and the frame's page with its headers. */
const HEADERS = 600;
const rows = [];
let server;
let browser;

before(async () => {
    server = await TestServer.start();
    browser = await launchBrowser();
});
after(async () => {
    await browser?.close();
    await server?.remove();
    const widths = ['what', 'requests', 'bytes', 'files', 'blocked ms', 'shift'].map((name, i) => Math.max(name.length, ...rows.map((r) => String(r[i]).length)));
    for (const row of [['what', 'requests', 'bytes', 'files', 'blocked ms', 'shift'], ...rows]) console.log('  ' + row.map((v, i) => String(v).padEnd(widths[i])).join('  '));
});

/** A page of paragraphs, with or without the chat, as somebody with a slow phone sees it. */
const words = Array.from({ length: 60 }, (_, i) => `<p>Paragraph ${i} of a page that has its own words to show.</p>`).join('');

/** Watches one tab: what of the server comes over the line, long tasks, shifts. */
async function watch(tab) {
    const line = await tab.context().newCDPSession(tab);
    await line.send('Network.enable');
    await line.send('Network.emulateNetworkConditions', SLOW_4G);
    await line.send('Emulation.setCPUThrottlingRate', { rate: SLOW_CPU });
    const urls = new Map();
    let got = [];
    const heard = (session) => {
        session.on('Network.requestWillBeSent', ({ requestId, request }) => urls.set(requestId, request.url));
        session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
            const url = urls.get(requestId) ?? '';
            if (url.startsWith(server.url)) got.push({ path: new URL(url).pathname, bytes: encodedDataLength });
        });
    };
    heard(line);
    await tab.addInitScript(() => {
        window.cost = { shift: 0, shifts: [], blocked: 0, longest: 0 };
        new PerformanceObserver((list) => {
            for (const e of list.getEntries()) {
                window.cost.shift += e.value;
                window.cost.shifts.push(e.sources.map((s) => s.node?.nodeName));
            }
        }).observe({ type: 'layout-shift', buffered: true });
        new PerformanceObserver((list) => {
            for (const e of list.getEntries()) {
                window.cost.blocked += Math.max(0, e.duration - 50);
                window.cost.longest = Math.max(window.cost.longest, e.duration);
            }
        }).observe({ type: 'longtask', buffered: true });
    });
    return {
        /** What has come since the last call. */
        take() {
            const taken = got;
            got = [];
            return taken;
        },
        cost: async () => tab.evaluate(() => window.cost),
    };
}

const sum = (list) => list.reduce((all, { bytes }) => all + bytes, 0);
const isFile = ({ path }) => /\.(js|css)$/.test(path) || path === '/widget';

function tell(what, got, cost) {
    const files = got.filter(isFile);
    rows.push([what, got.length, sum(got), sum(files), Math.round(cost.blocked), cost.shift.toFixed(4)]);
}

async function onPage(inside, run, prepare) {
    const site = { pages: { '/': page(words + inside) } };
    await visitWith(browser, site, async (openPage, context, { url }) => {
        const tab = await context.newPage();
        const watched = await watch(tab);
        await tab.goto(url);
        await tab.waitForLoadState('networkidle');
        await run({ tab, watched, openPage });
    }, { prepare });
}

test('a page that carries the chat pays one small request before its visitor acts, and nothing moves in it', async () => {
    let bare;
    await onPage('', async ({ watched }) => (bare = await watched.cost()));
    tell('page without the chat', [], bare);
    await onPage(tag(server.url, server.inbox.website_token), async ({ tab, watched }) => {
        await tab.getByRole('button', { name: 'Open chat' }).waitFor();
        await tab.waitForTimeout(4000);
        const got = watched.take();
        const cost = await watched.cost();
        tell('W1 before the visitor acts', got, cost);
        assert.deepEqual(got.map((g) => g.path), ['/w.js']);
        assert.ok(sum(got) <= 3 * KIB + HEADERS, `${sum(got)} bytes`);
        assert.deepEqual([cost.shift, cost.shifts], [0, []]);
    });
});

test('a first click brings the first screen within its budget, and moves nothing', () =>
    onPage(tag(server.url, server.inbox.website_token), async ({ tab, watched }) => {
        const launcher = tab.getByRole('button', { name: 'Open chat' });
        await launcher.waitFor();
        watched.take();
        await launcher.click();
        await tab.frameLocator('#deskbell iframe').getByRole('textbox', { name: 'Message' }).waitFor();
        await tab.frameLocator('#deskbell iframe').locator('.home').waitFor();
        const got = watched.take();
        const cost = await watched.cost();
        tell('W2 to the first screen', got, cost);
        const files = got.filter((g) => isFile(g) && g.path !== '/widget' && !/\/page-/.test(g.path));
        assert.ok(sum(files) <= 20 * KIB + files.length * HEADERS, JSON.stringify(files));
        assert.ok(files.length <= 6, JSON.stringify(files));
        assert.equal(cost.shift, 0, JSON.stringify(cost.shifts));
    }));

test('a conversation that goes on is on screen within its budget', () =>
    onPage(tag(server.url, server.inbox.website_token), async ({ tab, watched, openPage }) => {
        const first = await openPage();
        await first.open();
        await first.write('Is the arc lamp in stock?');
        await first.waitForMessage('Is the arc lamp in stock?', { state: 'sent' });
        const id = await server.conversationWith('Is the arc lamp in stock?');
        for (let i = 1; i <= 20; i++) await server.reply(id, `Answer ${i}`);
        await first.waitForMessage('Answer 20');
        await first.page.close();
        // As after a day: nothing of it is in the browser's cache any more.
        const line = await tab.context().newCDPSession(tab);
        await line.send('Network.clearBrowserCache');
        await tab.reload();
        await tab.getByRole('button', { name: 'Open chat' }).waitFor();
        watched.take();
        await tab.getByRole('button', { name: 'Open chat' }).click();
        await tab.frameLocator('#deskbell iframe').getByText('Answer 20', { exact: true }).waitFor();
        const got = watched.take();
        const cost = await watched.cost();
        tell('W2 to a thread of 21 messages', got, cost);
        const files = got.filter((g) => isFile(g) && g.path !== '/widget' && !/\/page-/.test(g.path));
        assert.ok(files.some((f) => /\/log-/.test(f.path)), 'the thread is among them');
        assert.ok(sum(files) <= 23.5 * KIB + files.length * HEADERS, JSON.stringify(files));
        assert.ok(files.length <= 9, JSON.stringify(files));
        assert.equal(cost.shift, 0, JSON.stringify(cost.shifts));
    }));

test('opened, closed and spoken to, the chat moves nothing of its page', () =>
    onPage(tag(server.url, server.inbox.website_token), async ({ tab, watched }) => {
        const launcher = tab.getByRole('button', { name: 'Open chat' });
        await launcher.click();
        const frame = tab.frameLocator('#deskbell iframe');
        const box = frame.getByRole('textbox', { name: 'Message' });
        await box.fill('Hold still');
        await box.press('Enter');
        await frame.locator('[data-state="sent"]').waitFor();
        await launcher.click();
        await server.reply(await server.conversationWith('Hold still'), 'A teaser');
        await tab.getByRole('button', { name: 'A teaser' }).waitFor();
        await tab.getByRole('button', { name: 'A teaser' }).click();
        await frame.getByText('A teaser').first().waitFor();
        const cost = await watched.cost();
        tell('W3 a whole visit', watched.take(), cost);
        assert.equal(cost.shift, 0, JSON.stringify(cost.shifts));
    }));
