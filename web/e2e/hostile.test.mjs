// Names, messages, links and files that try to run something in the widget.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { launchBrowser } from './browser.mjs';
import { everything } from './screen_walk.mjs';
import { TestServer } from './server.mjs';
import { until, visit as visitWith } from './visit.mjs';

const shared = process.env.DESKBELL_SHARED ?? join(dirname(fileURLToPath(import.meta.url)), '../../../shared');
const file = join(shared, 'testdata/html-xss/dompurify-expect-part.json');
const skip = existsSync(file) ? false : `${file} is absent`;
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

/** What must hold of the frame however hostile the content: only what the widget itself makes. */
async function nothingRan(chat, frame) {
    const found = await frame.evaluate(() => ({
        hurt: window.hurt ?? window.xssed ?? null,
        strange: [...document.querySelectorAll('script:not([type=module]), iframe, object, embed, base, meta[http-equiv], form[action], math, [onerror], [onload], [onclick]')].map((e) => e.outerHTML.slice(0, 80)),
        links: [...document.querySelectorAll('a[href]')].map((a) => a.protocol).filter((p) => !/^(https?|mailto|tel):$/.test(p)),
        sources: [...document.querySelectorAll('[src]')].map((e) => new URL(e.src, location.href)).filter((u) => u.origin !== location.origin && u.protocol !== 'blob:').map(String),
    }));
    assert.deepEqual(found, { hurt: null, strange: [], links: [], sources: [] });
    assert.equal(await chat.page.evaluate(() => window.hurt ?? window.xssed), undefined);
}

test('payloads that others collected stay text in messages of both sides', { skip }, () =>
    visitWith(browser, server.url + '/demo', async (openPage) => {
        const payloads = JSON.parse(readFileSync(file, 'utf8')).map((p) => p.payload.replace(/\r\n?/g, '\n').trim()).filter((p) => p && [...p].length <= 2000).slice(0, 40);
        assert.ok(payloads.length >= 20);
        const chat = await openPage();
        await chat.open();
        await chat.write('Hostile begins');
        await chat.waitForMessage('Hostile begins', { state: 'sent' });
        const conversation = await server.conversationWith('Hostile begins');
        for (const payload of payloads) await server.reply(conversation, payload);
        await until('all of them', async () => (await chat.rows.count()) >= payloads.length);
        const frame = await (await chat.page.waitForSelector('#deskbell iframe')).contentFrame();
        await nothingRan(chat, frame);
        for (const payload of payloads.slice(0, 8)) await chat.write(payload);
        await until('none waits', async () => (await chat.messages()).every((m) => m.state === 'sent'));
        await nothingRan(chat, frame);
        const shown = await chat.texts();
        for (const payload of payloads.slice(0, 8)) assert.ok(shown.some((t) => t.trim() === payload), payload);
    }));

test('what bots send cannot lead to scripts, and names stay text', () =>
    visitWith(browser, server.url + '/demo', async (openPage) => {
        const evil = '"><img src=x onerror="window.hurt=1"><script>window.hurt=2</script>';
        await server.api('PATCH', `/inboxes/${server.inbox.id}`, {
            ...everything, working_hours_enabled: false,
            channel: { ...everything.channel, welcome_title: evil, welcome_tagline: evil, consent_required: false,
                pre_chat_form_options: { pre_chat_message: evil, pre_chat_fields: [
                    { name: 'fullName', field_type: 'standard', type: 'text', label: evil, placeholder: evil, required: true, enabled: true },
                    { name: 'plan', field_type: 'contact_attribute', type: 'list', label: evil, values: [evil, 'b'], enabled: true }] } },
        });
        const chat = await openPage();
        await chat.launcher.click();
        const frame = await (await chat.page.waitForSelector('#deskbell iframe')).contentFrame();
        await frame.locator('.begin').click();
        await frame.locator('[name=fullName]').fill(evil);
        await frame.locator('[name=plan]').selectOption('b');
        await frame.locator('form.page textarea').fill('Hostile bots');
        await frame.locator('form.page button[type=submit]').click();
        await chat.waitForMessage('Hostile bots', { state: 'sent' });
        const conversation = await server.conversationWith('Hostile bots');
        const bad = ['javascript:window.hurt=3', 'data:text/html,<script>top.hurt=4</script>', 'JaVaScRiPt:alert(1)', ' \u0001javascript:alert(1)', 'vbscript:x', 'file:///etc/passwd'];
        const sent = [
            { content: evil, content_type: 'input_select', content_attributes: { items: [{ title: evil, value: evil }] } },
            { content: evil, content_type: 'cards', content_attributes: { items: bad.map((uri) => ({ title: evil, description: evil, media_url: uri, actions: [{ type: 'link', text: evil, uri }, { type: 'postback', text: evil, payload: evil }] })) } },
            { content: evil, content_type: 'article', content_attributes: { items: bad.map((link) => ({ title: evil, description: evil, link })) } },
            { content: evil, content_type: 'form', content_attributes: { items: [{ name: 'a', label: evil, type: 'text', placeholder: evil, default: evil, pattern: '((((' }, { name: 'b', label: evil, type: 'select', options: [{ label: evil, value: evil }] }] } },
        ];
        let taken = 0;
        for (const message of sent) taken += await server.api('POST', `/conversations/${conversation}/messages`, message).then(() => 1, () => 0);
        assert.ok(taken > 0, 'the server refuses all of it: this test looks at nothing');
        await until('all that was taken', async () => (await chat.rows.count()) >= 1 + taken);
        await new Promise((r) => setTimeout(r, 500));
        await nothingRan(chat, frame);
        assert.equal(await frame.locator('.hello').textContent().catch(() => evil), evil);
    }));

test('files with hostile names and kinds are offered, never opened as pages', () =>
    visitWith(browser, server.url + '/demo', async (openPage) => {
        await server.api('PATCH', `/inboxes/${server.inbox.id}`, { channel: { pre_chat_form_enabled: false } });
        const chat = await openPage();
        await chat.open();
        await chat.write('Hostile files');
        await chat.waitForMessage('Hostile files', { state: 'sent' });
        const conversation = await server.conversationWith('Hostile files');
        const page = '<html><script>window.hurt=1;top.hurt=1</script></html>';
        await server.reply(conversation, 'take these', [
            { name: '"><img src=x onerror=hurt=1>.html', type: 'text/html', bytes: page },
            { name: 'picture.svg', type: 'image/svg+xml', bytes: '<svg xmlns="http://www.w3.org/2000/svg" onload="window.hurt=1"><script>hurt=1</script></svg>' },
            { name: '\u202egnp.exe', type: 'application/octet-stream', bytes: 'MZ' },
        ]);
        const row = await chat.waitForMessage('take these');
        await until('the cards', async () => (await row.locator('.card').count()) === 3);
        const frame = await (await chat.page.waitForSelector('#deskbell iframe')).contentFrame();
        await nothingRan(chat, frame);
        for (const href of await row.locator('a.card').evaluateAll((all) => all.map((a) => a.href))) {
            const answer = await chat.page.request.get(href);
            const headers = answer.headers();
            assert.match(headers['content-disposition'] ?? '', /^attachment/, href);
            assert.equal(headers['x-content-type-options'], 'nosniff');
        }
    }));
