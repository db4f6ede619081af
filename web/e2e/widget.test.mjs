// The widget in a real browser against the real server.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchBrowser } from './browser.mjs';
import { picture } from './picture.mjs';
import { TestServer } from './server.mjs';
import { startSite } from './site.mjs';
import { shot, until, visit as visitWith } from './visit.mjs';

const PNG = picture(320, 200);
let server;
let browser;

before(async () => {
    server = await TestServer.start();
    browser = await launchBrowser();
});
after(async () => {
    await browser?.close();
    await server?.remove();
});

const visit = (run, options) => visitWith(browser, server.url + '/demo', run, options);

test('a visitor writes, an agent answers, a reload brings both back', () =>
    visit(async (openPage) => {
        const chat = await openPage();
        await chat.open();
        await chat.connected();
        await shot(chat.page, 'welcome');
        await chat.write('Is the arc lamp in stock?');
        await chat.waitForMessage('Is the arc lamp in stock?', { state: 'sent' });
        const conversation = await server.conversationWith('Is the arc lamp in stock?');
        await server.reply(conversation, 'Yes, three left.');
        await chat.waitForMessage('Yes, three left.');
        await shot(chat.page, 'light');
        await chat.page.emulateMedia({ colorScheme: 'dark' });
        await chat.frame.locator('html[data-theme="dark"]').waitFor({ state: 'attached' });
        await shot(chat.page, 'dark');
        await chat.page.reload();
        await chat.open();
        await chat.waitForTexts(['Is the arc lamp in stock?', 'Yes, three left.']);
    }));

test('answers to a closed chat are counted, opening it reads them', () =>
    visit(async (openPage) => {
        const chat = await openPage();
        await chat.open();
        await chat.write('Unread please');
        await chat.waitForMessage('Unread please', { state: 'sent' });
        const conversation = await server.conversationWith('Unread please');
        await chat.launcher.click();
        await server.reply(conversation, 'one');
        await server.reply(conversation, 'two');
        await until('the badge', async () => (await chat.unread()) === 2);
        await chat.open();
        await until('no badge', async () => (await chat.unread()) === 0);
    }));

test('a reload in mid-send neither loses nor doubles', () =>
    visit(async (openPage) => {
        const chat = await openPage();
        await chat.open();
        await chat.connected();
        const texts = ['r0'];
        await chat.write('r0');
        for (let i = 1; i <= 6; i++) {
            texts.push(`r${i}`);
            await chat.write(`r${i}`);
            if (i % 2) {
                await chat.page.reload();
                await chat.open();
            }
        }
        await chat.waitForTexts(texts);
        assert.deepEqual(await server.incoming(await server.conversationWith('r0')), texts);
    }));

test('messages written while the server is away wait and arrive once, in order', () =>
    visit(async (openPage) => {
        const chat = await openPage();
        await chat.open();
        await chat.write('before');
        await chat.waitForMessage('before', { state: 'sent' });
        await server.kill();
        await chat.frame.locator('html[data-link="offline"]').waitFor({ state: 'attached' });
        assert.match(await chat.banner.textContent(), /\S/);
        await chat.write('away 1');
        await chat.write('away 2');
        await chat.waitForMessage('away 2', { state: 'waiting' });
        await server.serve();
        await chat.waitForTexts(['before', 'away 1', 'away 2']);
        assert.deepEqual(await server.incoming(await server.conversationWith('before')), ['before', 'away 1', 'away 2']);
    }));

test('crashes of the server in the middle of writing lose nothing', () =>
    visit(async (openPage) => {
        const chat = await openPage();
        await chat.open();
        await chat.connected();
        const texts = [];
        for (let round = 0; round < 3; round++) {
            for (let i = 0; i < 4; i++) {
                texts.push(`crash ${round} ${i}`);
                await chat.write(texts.at(-1));
                if (i === 1) await (round === 1 ? server.stop() : server.kill());
            }
            await server.serve();
        }
        await chat.waitForTexts(texts, { timeout: 40000 });
        assert.deepEqual(await server.incoming(await server.conversationWith(texts[0])), texts);
    }));

test('a lost network is noticed, told after five seconds, and made up for', () =>
    visit(async (openPage, context) => {
        const chat = await openPage();
        await chat.open();
        await chat.write('online');
        await chat.waitForMessage('online', { state: 'sent' });
        await context.setOffline(true);
        await server.kill();
        await server.serve();
        await chat.write('in the tunnel');
        await chat.frame.getByText('You are offline.').waitFor();
        await chat.waitForMessage('in the tunnel', { state: 'waiting' });
        await shot(chat.page, 'offline');
        await context.setOffline(false);
        await chat.waitForTexts(['online', 'in the tunnel']);
    }));

test('two tabs are one visitor: both show what either sends', () =>
    visit(async (openPage) => {
        const first = await openPage();
        await first.open();
        await first.write('from the first');
        await first.waitForMessage('from the first', { state: 'sent' });
        const second = await openPage();
        await second.open();
        await second.waitForTexts(['from the first']);
        await second.write('from the second');
        await first.waitForTexts(['from the first', 'from the second']);
        const conversation = await server.conversationWith('from the first');
        await server.reply(conversation, 'to both');
        for (const tab of [first, second]) await tab.waitForTexts(['from the first', 'from the second', 'to both']);
        assert.deepEqual(await server.incoming(conversation), ['from the first', 'from the second']);
    }));

test('files go up, show, and come down', () =>
    visit(async (openPage) => {
        const chat = await openPage();
        await chat.open();
        await chat.attach(
            { name: 'lamp.png', mimeType: 'image/png', buffer: PNG },
            { name: 'Rechnung für März.txt', mimeType: 'text/plain', buffer: Buffer.from('42') },
        );
        await chat.frame.locator('.chip[data-state="done"]').nth(1).waitFor();
        await chat.write('two files');
        const row = await chat.waitForMessage('two files', { state: 'sent' });
        const picture = row.locator('.picture img');
        await picture.waitFor();
        await until('the picture', () => picture.evaluate((i) => i.complete && i.naturalWidth > 0));
        await shot(chat.page, 'files');
        const href = await row.locator('a.card').getAttribute('href');
        const file = await chat.page.request.get(new URL(href, server.url).href);
        assert.equal(await file.text(), '42');
        const conversation = await server.conversationWith('two files');
        const stored = (await server.messages(conversation)).find((m) => m.content === 'two files');
        assert.equal(stored.attachments.length, 2);
        await server.reply(conversation, 'and one back', [{ name: 'plan.png', type: 'image/png', bytes: PNG }]);
        const answer = await chat.waitForMessage('and one back');
        const back = answer.locator('.picture img');
        await until('the picture back', () => back.evaluate((i) => i.complete && i.naturalWidth > 0));
        await chat.page.reload();
        await chat.open();
        await until('files on return', async () => (await chat.messages())[0]?.files.length === 2);
    }));

test('hostile text stays text, on both ways', () =>
    visit(async (openPage) => {
        const hostile = [
            '<img src=x onerror="window.top.hurt=1;alert(1)"><script>alert(2)</script>',
            'javascript:alert(3) data:text/html,<script>alert(4)</script>',
            '\u202egnp.exe \u2066 "quotes" & &amp; \\u0041 {{7*7}} ${7*7}',
            '\ud83d\ude00'.repeat(500),
        ];
        const chat = await openPage();
        await chat.open();
        for (const text of hostile) await chat.write(text);
        await chat.waitForTexts(hostile);
        const conversation = await server.conversationWith(hostile[0]);
        assert.deepEqual(await server.incoming(conversation), hostile);
        for (const text of hostile) await server.reply(conversation, text);
        await chat.waitForTexts([...hostile, ...hostile]);
        assert.equal(await chat.page.evaluate(() => window.hurt), undefined);
        assert.equal(await chat.rows.locator('img, script').count(), 0);
        for (const href of await chat.rows.locator('a').evaluateAll((a) => a.map((e) => e.protocol))) assert.match(href, /^(https?|mailto):$/);
    }));

test('the keyboard alone is enough', () =>
    visit(async (openPage) => {
        const chat = await openPage();
        const { keyboard } = chat.page;
        await chat.launcher.waitFor();
        await chat.launcher.focus();
        await keyboard.press('Enter');
        await chat.box.waitFor();
        await until('focus in the box', () => chat.box.evaluate((e) => e === document.activeElement && document.hasFocus()));
        assert.equal(await chat.launcher.getAttribute('aria-expanded'), 'true');
        await keyboard.type('first line');
        await keyboard.press('Shift+Enter');
        await keyboard.type('second line');
        await keyboard.press('Enter');
        await chat.waitForMessage('first line\nsecond line', { state: 'sent' });
        await keyboard.press('Tab');
        await keyboard.press('Tab');
        await keyboard.press('Enter');
        await chat.frame.locator('.board').waitFor();
        await keyboard.press('ArrowRight');
        await keyboard.press('Enter');
        assert.notEqual(await chat.box.inputValue(), '');
        await keyboard.press('Escape');
        await until('the chat closed', async () => (await chat.launcher.getAttribute('aria-expanded')) === 'false');
        assert.equal(await chat.page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.tagName), 'BUTTON');
    }));

test('on another site, under a strict policy: one request and nothing stored before the visitor opens', () =>
    visit(async (openPage, context) => {
        const site = await startSite(server.url, server.inbox.website_token);
        try {
            const asked = [];
            context.on('request', (r) => r.url().startsWith(server.url) && asked.push(new URL(r.url()).pathname));
            const chat = await openPage(site.url);
            await chat.launcher.waitFor();
            await chat.page.waitForLoadState('networkidle');
            assert.deepEqual(asked, ['/w.js']);
            const left = () => chat.page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]);
            assert.deepEqual(await left(), [0, 0, '']);
            await chat.open();
            await chat.write('from elsewhere');
            await chat.waitForMessage('from elsewhere', { state: 'sent' });
            assert.deepEqual(await context.cookies(), []);
            await chat.page.evaluate(() => {
                document.body.replaceWith(document.createElement('body'));
                document.getElementById('deskbell').remove();
            });
            await chat.open();
            await chat.waitForTexts(['from elsewhere']);
        } finally {
            await site.stop();
        }
    }));

test('the page can steer it and wait for consent', () =>
    visit(async (openPage) => {
        const site = await startSite(server.url, server.inbox.website_token, { attributes: 'data-consent="required"' });
        try {
            const chat = await openPage(site.url);
            await chat.page.waitForFunction(() => window.$deskbell?.open);
            assert.equal(await chat.launcher.count(), 0);
            await chat.page.evaluate(() => {
                window.heard = [];
                for (const event of ['ready', 'opened', 'closed']) window.$deskbell.on(event, () => window.heard.push(event));
                window.$deskbell.push(['consent']);
                window.$deskbell.open();
            });
            await chat.box.waitFor();
            await chat.page.evaluate(() => window.$deskbell.toggle());
            assert.deepEqual(await chat.page.evaluate(() => window.heard), ['ready', 'opened', 'closed']);
        } finally {
            await site.stop();
        }
    }));

test('on a phone it takes the whole screen and holds the page still', () =>
    visit(
        async (openPage) => {
            const chat = await openPage();
            await chat.open();
            await chat.connected();
            await shot(chat.page, 'phone');
            const box = await chat.page.locator('iframe[title="Live chat"]').boundingBox();
            assert.deepEqual([box.x, box.y, box.width, box.height], [0, 0, 390, 780]);
            assert.equal(await chat.page.getByRole('dialog', { name: 'Live chat' }).count(), 1);
            assert.equal(await chat.page.evaluate(() => document.documentElement.style.overflow), 'hidden');
            await chat.frame.getByRole('button', { name: 'Close chat' }).click();
            await chat.launcher.waitFor();
            assert.equal(await chat.page.evaluate(() => document.documentElement.style.overflow), '');
        },
        { viewport: { width: 390, height: 780 } },
    ));

test('right to left and dark are drawn whole', () =>
    visit(
        async (openPage) => {
            const site = await startSite(server.url, server.inbox.website_token, { attributes: 'data-locale="ar" data-theme="dark"' });
            try {
                const chat = await openPage(site.url);
                await chat.page.locator('#deskbell button').click();
                const frame = chat.page.frameLocator('#deskbell iframe');
                const root = frame.locator('html[dir="rtl"][lang="ar"][data-theme="dark"]');
                await root.waitFor({ state: 'attached' });
                const box = frame.getByRole('textbox', { name: 'الرسالة' });
                await box.fill('مرحبا');
                await box.press('Enter');
                await frame.locator('[data-state="sent"]').waitFor();
                await shot(chat.page, 'rtl-dark');
                const [own, log] = await Promise.all([frame.locator('.words').boundingBox(), frame.getByRole('log').boundingBox()]);
                assert.ok(own.x - log.x < 4, 'own bubbles stand at the end of the line, which is left');
            } finally {
                await site.stop();
            }
        },
    ));
