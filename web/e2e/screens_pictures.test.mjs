// Pictures that lie on other sites: the server fetches them, with all that strangers' servers may do.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { launchBrowser } from './browser.mjs';
import { picture } from './picture.mjs';
import { TestServer } from './server.mjs';
import { shot, until, visit } from './visit.mjs';

const BIG = 100 << 20;
let server;
let browser;
let elsewhere;
const asked = [];
let sent = 0;

/** Another site, on every address of this machine: the server may call 127.0.0.1 and no other. */
async function otherSite() {
    const site = createServer((request, response) => {
        asked.push({ path: request.url, host: request.headers.host, headers: request.headers });
        if (request.url === '/lamp.png') {
            response.writeHead(200, { 'content-type': 'image/png', 'set-cookie': 'a=b' }).end(picture(320, 160));
        } else if (request.url === '/page.png') {
            response.writeHead(200, { 'content-type': 'image/png' }).end('<html><script>top.hurt = 1</script></html>');
        } else if (request.url === '/drawn.png') {
            response.writeHead(200, { 'content-type': 'image/png' }).end('<svg xmlns="http://www.w3.org/2000/svg"><script>top.hurt = 1</script></svg>');
        } else if (request.url === '/away.png') {
            response.writeHead(302, { location: `http://127.0.0.2:${site.address().port}/lamp.png` }).end();
        } else if (request.url === '/round.png') {
            response.writeHead(302, { location: '/lamp.png' }).end();
        } else if (request.url === '/big.png') {
            response.writeHead(200, { 'content-type': 'image/png' });
            response.write(picture(8, 8));
            const piece = Buffer.alloc(1 << 16);
            const more = () => {
                for (;;) {
                    sent += piece.length;
                    if (sent >= BIG) return void response.end();
                    if (!response.write(piece)) return;
                }
            };
            response.on('drain', more).on('error', () => {});
            more();
        } else {
            response.writeHead(404).end();
        }
    });
    await new Promise((resolve) => site.listen(0, '0.0.0.0', resolve));
    return { at: (host, path) => `http://${host}:${site.address().port}${path}`, stop: () => (site.closeAllConnections(), new Promise((r) => site.close(r))) };
}

before(async () => {
    elsewhere = await otherSite();
    server = Object.assign(new TestServer(), await TestServer.withAccount({ flags: ['--outgoing.allowed_networks', '127.0.0.1'] }));
    server.inbox = await server.websiteInbox('Northlight Home');
    browser = await launchBrowser();
});
after(async () => {
    await browser?.close();
    await server?.remove();
    await elsewhere?.stop();
});

/** Says something, and a bot answers with these cards; their row. */
async function cards(chat, text, pictures) {
    await chat.open();
    await chat.write(text);
    await chat.waitForMessage(text, { state: 'sent' });
    const conversation = await server.conversationWith(text);
    await server.api('POST', `/conversations/${conversation}/messages`, {
        content: 'Have a look', content_type: 'cards',
        content_attributes: { items: pictures.map((media_url, i) => ({ title: `Lamp ${i}`, description: 'Brass', media_url, actions: [{ type: 'postback', text: 'This one', payload: `lamp${i}` }] })) },
    });
    await until('the cards', async () => (await chat.frame.locator('.offer').count()) === pictures.length);
    return chat.frame.locator('.offer');
}

test('a card shows a picture from elsewhere, which the visitor\'s browser never asks for', () =>
    visit(browser, server.url + '/demo', async (openPage, context, site) => {
        const chat = await openPage();
        const offers = await cards(chat, 'Show me lamps', [elsewhere.at('127.0.0.1', '/lamp.png'), elsewhere.at('127.0.0.1', '/round.png')]);
        for (const i of [0, 1]) {
            const image = offers.nth(i).locator('img');
            await until('the picture', () => image.evaluate((e) => e.complete && e.naturalWidth === 320));
            assert.match(await image.getAttribute('src'), /^\/proxy\//);
        }
        await shot(chat.page, 'cards-picture');
        assert.ok(site.asked.every((url) => url.origin === server.url), 'the browser asked somebody else');
        for (const one of asked) {
            assert.equal(one.headers.referer, undefined);
            assert.equal(one.headers.cookie, undefined);
            assert.match(one.headers['user-agent'], /^Deskbell\//);
        }
        const path = await offers.nth(0).locator('img').getAttribute('src');
        const before = asked.length;
        const again = await fetch(server.url + path);
        assert.equal(again.status, 200);
        assert.equal(again.headers.get('content-type'), 'image/png');
        assert.equal(again.headers.get('x-content-type-options'), 'nosniff');
        assert.match(again.headers.get('cache-control'), /max-age/);
        assert.equal(again.headers.get('set-cookie'), null);
        assert.equal(asked.length, before, 'it was in the cache');
        const [, , signature, address] = path.split('/');
        const other = Buffer.from(elsewhere.at('127.0.0.1', '/page.png')).toString('base64url');
        for (const wrong of [`/proxy/${signature}/${other}`, `/proxy/${'A'.repeat(43)}/${address}`, `/proxy/${address}`, `/proxy/${elsewhere.at('127.0.0.1', '/lamp.png')}`])
            assert.equal((await fetch(server.url + wrong)).status, 404, wrong);
        assert.equal(asked.length, before);
    }));

test('private addresses, pages, drawings and endless answers are no pictures', () =>
    visit(browser, server.url + '/demo', async (openPage) => {
        const chat = await openPage();
        const wrong = [elsewhere.at('127.0.0.2', '/lamp.png'), elsewhere.at('127.0.0.1', '/away.png'), elsewhere.at('127.0.0.1', '/page.png'),
            elsewhere.at('127.0.0.1', '/drawn.png'), elsewhere.at('127.0.0.1', '/big.png'), elsewhere.at('127.0.0.1', '/none.png')];
        const paths = new Map();
        chat.page.on('request', (r) => r.url().includes('/proxy/') && paths.set(Buffer.from(r.url().split('/').pop(), 'base64url').toString(), r.url()));
        const offers = await cards(chat, 'Show me what is not', wrong);
        for (let i = 0; i < wrong.length; i++) await offers.nth(i).scrollIntoViewIfNeeded();
        await until('all of them are given up', async () => paths.size === wrong.length && (await chat.frame.locator('.offer img').count()) === 0);
        await shot(chat.page, 'cards-no-picture');
        for (const url of wrong) { // some were only held off while others were fetched
            await until('it is refused for good', async () => (await fetch(paths.get(url))).status === 502);
            assert.equal((await fetch(paths.get(url))).headers.get('content-type'), 'application/json; charset=utf-8');
        }
        assert.ok(asked.every((one) => one.host.startsWith('127.0.0.1:')), 'a private address was called');
        assert.ok(sent < BIG / 4, `${sent} bytes were taken`);
        assert.equal(await chat.page.evaluate(() => window.hurt), undefined);
        assert.equal((await fetch(`${server.url}/widget`)).status, 404); // it goes on serving
    }));
