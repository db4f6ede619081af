// What is asked before the first message: checked, kept, not asked twice; and what the visitor must agree to.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchBrowser } from './browser.mjs';
import { TestServer } from './server.mjs';
import { startSite } from './site.mjs';
import { shot, until, visit as visitWith } from './visit.mjs';

const custom = (name, type, label, more = {}) => ({ name, field_type: 'contact_attribute', type, label, required: false, enabled: true, ...more });
const fields = [
    { name: 'fullName', field_type: 'standard', type: 'text', label: 'Your name', required: true, enabled: true },
    { name: 'emailAddress', field_type: 'standard', type: 'email', label: 'Email', required: true, enabled: true },
    { name: 'phoneNumber', field_type: 'standard', type: 'phone', label: 'Phone', required: false, enabled: true },
    custom('seats', 'number', 'Seats'), custom('home', 'link', 'Website'), custom('since', 'date', 'Customer since'),
    custom('plan', 'list', 'Plan', { values: ['Free', 'Pro'], required: true }), custom('terms', 'checkbox', 'I know the terms', { required: true }),
    { name: 'order', field_type: 'conversation_attribute', type: 'text', label: 'Order number', required: true, enabled: true, regex_pattern: '^[0-9]{6}$', regex_cue: 'Six digits, please' },
    { name: 'hidden', field_type: 'contact_attribute', type: 'text', label: 'Not asked', required: true, enabled: false },
];
const form = (pre_chat_fields, more = {}) => ({ channel: { pre_chat_form_enabled: true, pre_chat_form_options: { pre_chat_message: 'Who is there?', pre_chat_fields }, ...more } });
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

const inbox = (settings) => server.api('PATCH', `/inboxes/${server.inbox.id}`, settings);
const visit = (run, options) => visitWith(browser, server.url + '/demo', run, options);

async function openForm(openPage) {
    const chat = await openPage();
    await chat.launcher.click();
    await chat.connected();
    await chat.frame.getByRole('button', { name: 'Send us a message' }).click();
    await chat.onScreen('form');
    const field = (label) => chat.frame.getByLabel(label, { exact: false }).first();
    return { chat, field, submit: () => chat.press('Start the chat'), fault: (text) => chat.frame.locator('.fault').getByText(text, { exact: true }) };
}

async function answerAll(field) {
    await field('Your name').fill('Mara Lindqvist');
    await field('Email').fill('mara@example.com');
    await field('Plan').selectOption('Pro');
    await field('I know the terms').check();
    await field('Order number').fill('482100');
}

test('each kind of answer is checked by its own rule, and said to be wrong beside its field', async () => {
    await inbox(form(fields));
    await visit(async (openPage) => {
        const { chat, field, submit, fault } = await openForm(openPage);
        assert.equal(await chat.frame.getByText('Not asked').count(), 0);
        await submit();
        await until('all that must be there', async () => (await chat.frame.locator('[aria-invalid=true]').count()) === 6);
        assert.ok(await field('Your name').evaluate((e) => e === document.activeElement), 'the first wrong one has the focus');
        await shot(chat.page, 'form-empty');
        for (const [label, wrong, sentence, right] of [
            ['Email', 'mara@', 'This does not look like an email address.', 'mara@example.com'],
            ['Phone', '12345', 'Please give the number with its country code, such as +44 20 7946 0000.', '+44 20 7946 0000'],
            ['Seats', 'many', 'Please give a number.', '3,5'],
            ['Website', 'example', 'Please give a whole address, with https://.', 'https://shop.example/'],
            ['Order number', '48210', 'Six digits, please', '482100'],
        ]) {
            await field(label).fill(wrong);
            await field(label).press('Tab');
            await fault(sentence).waitFor();
            const described = await field(label).evaluate((e) => document.getElementById(e.getAttribute('aria-describedby')).textContent);
            assert.equal(described, sentence);
            await field(label).fill(right);
            await fault(sentence).waitFor({ state: 'hidden' });
            assert.equal(await field(label).getAttribute('aria-invalid'), null);
        }
        await answerAll(field);
        await field('Customer since').fill('2024-02-29');
        await field('Message').fill('All is told');
        await submit();
        await chat.waitForMessage('All is told', { state: 'sent' });
        const id = await server.conversationWith('All is told');
        const found = await server.api('GET', `/conversations/${id}`);
        const contact = (await server.api('GET', `/contacts/${found.meta.sender.id}`)).payload;
        assert.deepEqual([contact.name, contact.email, contact.phone_number], ['Mara Lindqvist', 'mara@example.com', '+442079460000']);
        assert.equal(found.custom_attributes.order, '482100');
        assert.equal(contact.custom_attributes.plan, 'Pro');
        assert.equal(String(contact.custom_attributes.seats), '3.5');
        assert.equal(contact.custom_attributes.home, 'https://shop.example/');
    });
});

test('what is half filled in is there after a reload; what is known is not asked again, what belongs to a conversation is', async () => {
    await inbox(form(fields));
    await visit(async (openPage) => {
        const first = await openForm(openPage);
        await answerAll(first.field);
        await first.chat.page.reload();
        const { chat, field, submit } = await openForm(async () => first.chat);
        assert.equal(await field('Your name').inputValue(), 'Mara Lindqvist');
        assert.equal(await field('Plan').inputValue(), 'Pro');
        await answerAll(field);
        await field('Message').fill('Once and no more');
        await submit();
        await chat.waitForMessage('Once and no more', { state: 'sent' });
        const id = await server.conversationWith('Once and no more');
        await server.api('POST', `/conversations/${id}/toggle_status`, { status: 'resolved' });
        await chat.frame.getByText('This conversation has ended.', { exact: false }).waitFor();
        await chat.page.reload();
        await chat.launcher.click();
        await chat.connected();
        await chat.frame.getByRole('button', { name: 'Send us a message' }).click();
        await chat.onScreen('form');
        const asked = await chat.frame.locator('.field label').allInnerTexts();
        assert.deepEqual(asked.map((l) => l.split('\n')[0].trim().replace(/ \(optional\)$/, '')).filter((l) => !['Phone', 'Seats', 'Website', 'Customer since'].includes(l)), ['Order number', 'Message']);
    });
});

test('the form is skipped when all of it is known from the page\'s identity', async () => {
    await inbox(form(fields.slice(0, 2)));
    await visit(async (openPage) => {
        const chat = await openPage();
        await chat.launcher.waitFor();
        await chat.page.evaluate(() => window.$deskbell.setUser('u-1', { name: 'Known Already', email: 'known@example.com' }));
        await chat.open();
        await chat.write('No form for me');
        await chat.waitForMessage('No form for me', { state: 'sent' });
        assert.equal(await chat.frame.locator('form.page').count(), 0);
        const found = await server.api('GET', `/conversations/${await server.conversationWith('No form for me')}`);
        assert.equal(found.meta.sender.name, 'Known Already');
    });
});

test('what the server finds wrong comes back to the form with the message, and goes on from there', async () => {
    await inbox({ channel: { pre_chat_form_enabled: false } });
    await visit(async (openPage) => {
        const chat = await openPage();
        await chat.open();
        await chat.connected();
        // The form is demanded after the page has learned that it is not.
        await inbox(form(fields.slice(0, 2)));
        await chat.write('Before the form was there');
        await chat.waitForMessage('Before the form was there', { state: 'failed' });
        await chat.frame.getByText('We need to know a little more first.').waitFor();
        await shot(chat.page, 'sent-back');
        await chat.press('Not sent. Tap to retry.');
        await chat.onScreen('form');
        const field = (label) => chat.frame.getByLabel(label, { exact: false }).first();
        await until('what is wrong', async () => (await chat.frame.locator('[aria-invalid=true]').count()) === 2);
        await field('Your name').fill('Mara');
        await field('Email').fill('mara@example.com');
        await chat.press('Start the chat');
        await chat.waitForTexts(['Before the form was there']);
        assert.deepEqual(await server.incoming(await server.conversationWith('Before the form was there')), ['Before the form was there']);
    });
});

test('nothing is written before the visitor agrees, and they are asked once', async () => {
    const agreement = { consent_required: true, consent_text: 'I agree that what I write is kept.', consent_url: 'https://shop.example/privacy' };
    await inbox({ channel: { pre_chat_form_enabled: false, ...agreement } });
    try {
        await visit(async (openPage) => {
            const { chat, field, submit, fault } = await openForm(openPage);
            await field('Message').fill('I agree to this');
            await submit();
            await fault('Please agree to go on.').waitFor();
            await chat.onScreen('form');
            assert.equal(await chat.frame.getByRole('link', { name: 'Read more' }).getAttribute('href'), 'https://shop.example/privacy');
            await shot(chat.page, 'agreement');
            await field('I agree that').check();
            await submit();
            await chat.waitForMessage('I agree to this', { state: 'sent' });
            await chat.choose('New conversation');
            await chat.open();
            await chat.write('Not asked again');
            await chat.waitForMessage('Not asked again', { state: 'sent' });
        });
    } finally {
        await inbox({ channel: { consent_required: false } });
    }
});

test('consent of the page: no launcher, no request, nothing stored before it; later it is as without', async () => {
    const site = await startSite(server.url, server.inbox.website_token, { attributes: 'data-consent="required" data-preload="true"' });
    try {
        await visitWith(browser, site.url, async (openPage, context, { asked }) => {
            const chat = await openPage();
            await chat.page.waitForFunction(() => window.$deskbell?.consent);
            await chat.page.evaluate(() => window.$deskbell.setUser('early', { name: 'Too early' }));
            await chat.page.waitForTimeout(4000);
            assert.equal(await chat.launcher.count(), 0);
            assert.equal(await chat.page.locator('iframe').count(), 0);
            assert.deepEqual(asked.filter((u) => u.origin === server.url).map((u) => u.pathname), ['/w.js']);
            assert.deepEqual(await chat.page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]), [0, 0, '']);
            await chat.page.evaluate(() => window.$deskbell.consent(false));
            assert.equal(await chat.launcher.count(), 0);
            await chat.page.evaluate(() => window.$deskbell.consent());
            await chat.open();
            await chat.write('after consent');
            await chat.waitForMessage('after consent', { state: 'sent' });
            const found = await server.api('GET', `/conversations/${await server.conversationWith('after consent')}`);
            assert.equal(found.meta.sender.name, 'Too early', 'what was said before counts');
        });
    } finally {
        await site.stop();
    }
});
