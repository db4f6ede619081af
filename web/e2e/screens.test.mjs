// Every screen of the widget, in a real browser against the real server.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchBrowser } from './browser.mjs';
import { TestServer } from './server.mjs';
import { shot, until, visit as visitWith } from './visit.mjs';

let server;
let browser;

before(async () => {
    server = await TestServer.start();
    await inbox({ csat_survey_enabled: true, channel: { selected_feature_flags: ['attachments', 'emoji_picker', 'end_conversation', 'email_transcript'] } });
    browser = await launchBrowser();
});
after(async () => {
    await browser?.close();
    await server?.remove();
});

const visit = (run, options) => visitWith(browser, server.url + '/demo', run, options);
const inbox = (settings) => server.api('PATCH', `/inboxes/${server.inbox.id}`, settings);
const resolve = (id) => server.api('POST', `/conversations/${id}/toggle_status`, { status: 'resolved' });
const statusOf = async (id) => (await server.api('GET', `/conversations/${id}`)).status;

/** Begins a conversation with this text; its number. */
async function begin(chat, text) {
    await chat.open();
    await chat.write(text);
    await chat.waitForMessage(text, { state: 'sent' });
    return server.conversationWith(text);
}

test('the first screen greets, takes the first message, and leads back to the conversation', () =>
    visit(async (openPage) => {
        const chat = await openPage();
        await chat.open();
        await chat.connected();
        await chat.onScreen('home');
        await chat.frame.getByText('Hi there').waitFor();
        await chat.write('From the first screen');
        await chat.onScreen('chat');
        await chat.waitForMessage('From the first screen', { state: 'sent' });
        const conversation = await server.conversationWith('From the first screen');
        await chat.press('Back');
        await chat.onScreen('home');
        await server.reply(conversation, 'Hello yourself');
        const resume = chat.frame.getByRole('button', { name: /Continue the conversation/ });
        await resume.getByText('Hello yourself').waitFor();
        await until('the badge on the card', async () => (await resume.locator('.count').textContent()) === '1');
        await shot(chat.page, 'home-continue');
        await resume.click();
        await chat.waitForTexts(['From the first screen', 'Hello yourself']);
        await until('it is read', async () => (await chat.unread()) === 0);
    }));

test('past conversations are listed, opened, and led back from; earlier messages come when they are asked for', () =>
    visit(async (openPage) => {
        const chat = await openPage();
        const first = await begin(chat, 'The first of them');
        for (let i = 1; i <= 40; i++) await server.reply(first, `answer ${i}`);
        await chat.waitForMessage('answer 40');
        await resolve(first);
        await chat.frame.getByText('This conversation has ended.', { exact: false }).waitFor();
        await chat.choose('New conversation');
        const second = await begin(chat, 'The second of them');
        assert.notEqual(second, first);
        await chat.page.reload();
        await chat.open();
        await chat.waitForTexts(['The second of them']);
        await chat.choose('Your conversations');
        await chat.onScreen('history');
        const entries = chat.frame.locator('.pasts button');
        await until('both of them', async () => (await entries.count()) === 2);
        assert.match(await entries.nth(0).innerText(), /The second of them[^]*Open/);
        assert.match(await entries.nth(1).innerText(), /Ended/);
        await shot(chat.page, 'history');
        await entries.nth(1).click();
        await chat.onScreen('chat');
        await chat.waitForMessage('answer 40');
        assert.equal(await chat.rows.filter({ hasText: 'The first of them' }).count(), 0);
        await chat.frame.getByRole('button', { name: 'Earlier messages' }).click();
        await chat.waitForMessage('The first of them');
        assert.equal(await chat.rows.filter({ hasText: 'The second of them' }).count(), 0, 'one conversation at a time');
        await chat.press('Back');
        await chat.onScreen('history');
        await chat.press('Back');
        await chat.onScreen('home');
    }));

test('the conversation is asked for by mail, with an address that is one', () =>
    visit(async (openPage) => {
        const chat = await openPage();
        await begin(chat, 'Send me this');
        await chat.choose('Email the conversation');
        const sheet = chat.frame.getByRole('dialog', { name: 'Email the conversation' });
        const field = sheet.getByLabel('Email address');
        await field.fill('nobody');
        await sheet.getByRole('button', { name: 'Send the email' }).click();
        await sheet.getByText('This does not look like an email address.').waitFor();
        assert.equal(await field.getAttribute('aria-invalid'), 'true');
        await field.fill('mara@example.com');
        await shot(chat.page, 'transcript');
        const asked = chat.page.waitForResponse((r) => r.url().endsWith('/transcript'));
        await sheet.getByRole('button', { name: 'Send the email' }).click();
        const answer = await asked;
        assert.deepEqual([answer.status(), await answer.json()], [202, { email: 'mara@example.com' }]);
        await sheet.getByText('It is on its way to mara@example.com.').waitFor();
        await sheet.getByRole('button', { name: 'Done' }).click();
        assert.equal(await sheet.count(), 0);
        // Often is too often, and said so.
        for (let i = 0; i < 10; i++) {
            await chat.choose('Email the conversation');
            await field.fill('mara@example.com');
            const again = chat.page.waitForResponse((r) => r.url().endsWith('/transcript'));
            await sheet.getByRole('button', { name: 'Send the email' }).click();
            const last = (await again).status();
            if (last === 429) await sheet.getByText('That was too often. Try again later.').waitFor();
            await chat.page.keyboard.press('Escape');
            await until('the dialog left', async () => (await sheet.count()) === 0);
            assert.equal(await chat.launcher.getAttribute('aria-expanded'), 'true', 'Escape leaves the dialog only');
            if (last === 429) return;
        }
        assert.fail('nothing was too often');
    }));

test('the visitor ends the conversation after one more question, and rates it; a reload keeps the rating', () =>
    visit(async (openPage) => {
        const chat = await openPage();
        const id = await begin(chat, 'That was all');
        await chat.choose('End the conversation');
        const sheet = chat.frame.getByRole('dialog', { name: 'End the conversation' });
        await sheet.getByRole('button', { name: 'Cancel' }).click();
        assert.equal(await statusOf(id), 'open');
        await chat.choose('End the conversation');
        await sheet.getByRole('button', { name: 'End the conversation' }).click();
        await until('the end', async () => (await statusOf(id)) === 'resolved');
        await chat.frame.getByText('This conversation has ended.', { exact: false }).waitFor();
        const rating = chat.frame.getByRole('group', { name: 'How did we do?' });
        await rating.getByText('Good', { exact: true }).waitFor({ state: 'attached' });
        await chat.frame.locator('.rating label').nth(3).click();
        await chat.frame.getByRole('textbox', { name: 'Would you like to say more?' }).fill('Quick and kind');
        await shot(chat.page, 'rating');
        await chat.frame.locator('.rating').getByRole('button', { name: 'Send' }).click();
        await chat.frame.locator('.rating').getByText('Thank you!').waitFor();
        const stored = (await server.messages(id)).find((m) => m.content_type === 'input_csat');
        assert.equal(stored.content_attributes.submitted_values.csat_survey_response.rating, 4);
        assert.equal(stored.content_attributes.submitted_values.csat_survey_response.feedback_message, 'Quick and kind');
        await chat.page.reload();
        await chat.open();
        const resume = chat.frame.getByRole('button', { name: 'Your conversations' });
        await resume.click();
        await chat.frame.locator('.pasts button').first().click();
        await until('the rating', () => chat.frame.getByRole('radio', { name: 'Good', exact: true }).isChecked());
    }));

test('links get a card of their own where the inbox wants it, made of nothing but the link', async () => {
    const text = 'See https://shop.example/lamps/arc%20lamp?utm=1 and http://other.example/';
    await visit(async (openPage, context, site) => {
        const chat = await openPage();
        const id = await begin(chat, 'Previews off');
        await server.reply(id, text);
        await chat.waitForMessage(text);
        assert.equal(await chat.frame.locator('.preview').count(), 0);
        assert.equal(await chat.rows.locator('a').count(), 2);
        assert.ok(site.asked.every((u) => u.origin === server.url));
    });
    await inbox({ channel: { link_previews: true } });
    try {
        await visit(async (openPage, context, site) => {
            const chat = await openPage();
            const id = await begin(chat, 'Previews on');
            await server.reply(id, text);
            await server.reply(id, 'Broken https://shop.example/%E0%A4%A and whole');
            await chat.waitForMessage(text);
            const card = chat.frame.locator('.preview').first();
            assert.equal((await card.innerText()).replace(/\s+/g, ' '), 'shop.example /lamps/arc lamp');
            assert.match(await card.getAttribute('rel'), /noopener noreferrer/);
            await chat.waitForMessage('Broken https://shop.example/%E0%A4%A and whole');
            assert.equal(await chat.frame.locator('.preview').count(), 2);
            await shot(chat.page, 'preview');
            assert.ok(site.asked.every((u) => u.origin === server.url), 'nobody is asked for it');
        });
    } finally {
        await inbox({ channel: { link_previews: false } });
    }
});

test('a message is answered: the quote is shown, cut, taken away, sent, and goes with what it quotes', () =>
    visit(async (openPage) => {
        const chat = await openPage();
        const id = await begin(chat, 'Which is it?');
        const long = `It is the brass one ${'with a very long description '.repeat(20)}`.trim();
        const { id: longId } = await server.reply(id, long);
        const { id: shortId } = await server.reply(id, 'Or the oak one');
        const answer = async (text) => {
            const row = await chat.waitForMessage(text);
            await row.hover();
            await row.getByRole('button', { name: 'Reply to this message' }).click();
        };
        const quote = chat.frame.locator('.quote');
        await answer(long);
        assert.match(await quote.innerText(), /^Sara Lind: It is the brass one/);
        assert.ok((await quote.innerText()).length < 160);
        assert.ok((await quote.boundingBox()).height < 60, 'on one line');
        assert.ok(await chat.box.evaluate((e) => e === document.activeElement));
        await chat.page.keyboard.press('Escape');
        assert.equal(await quote.isVisible(), false);
        assert.equal(await chat.launcher.getAttribute('aria-expanded'), 'true');
        await answer(long);
        await shot(chat.page, 'quote');
        await chat.write('That one, please');
        const sent = await chat.waitForMessage('That one, please', { state: 'sent' });
        assert.equal(await quote.isVisible(), false);
        assert.match(await sent.locator('.said').innerText(), /Sara Lind\s+It is the brass one/);
        const stored = (await server.messages(id)).find((m) => m.content === 'That one, please');
        assert.equal(stored.content_attributes.in_reply_to, longId);
        // What is quoted is deleted before the answer is sent, and after.
        await answer('Or the oak one');
        await server.api('DELETE', `/conversations/${id}/messages/${shortId}`);
        await until('the quote left with its message', async () => !(await quote.isVisible()));
        await server.api('DELETE', `/conversations/${id}/messages/${longId}`);
        await until('the quote says so', async () => /This message was deleted/.test(await sent.locator('.said').innerText()));
        assert.doesNotMatch(await chat.log.innerText(), /brass|oak/);
        const gone = chat.rows.filter({ hasText: 'This message was deleted' }).last();
        assert.equal(await gone.getByRole('button', { name: 'Reply to this message' }).count(), 0, 'there is nothing to answer');
        await chat.page.reload();
        await chat.open();
        await until('the quote after a reload', async () => /This message was deleted/.test(await chat.frame.locator('.said:not([hidden])').innerText()));
    }));

test('the menu opens a window of its own, which is the same visitor', () =>
    visit(async (openPage, context) => {
        const chat = await openPage();
        const id = await begin(chat, 'Into a window');
        await chat.press('More');
        const [window] = await Promise.all([context.waitForEvent('page'), chat.frame.getByRole('menuitem', { name: 'Open in a window' }).click()]);
        await window.getByRole('log').getByText('Into a window').waitFor();
        assert.equal(await window.getByRole('button', { name: 'Close chat' }).count(), 0);
        assert.deepEqual([...new URL(window.url()).searchParams.keys()], ['website_token'], 'whose window it is stays out of the address');
        assert.equal(new URL(window.url()).hash, '');
        await shot(window, 'popout');
        await window.getByRole('textbox', { name: 'Message' }).fill('From the window');
        await window.keyboard.press('Enter');
        await until('the same conversation', async () => (await server.incoming(id)).includes('From the window'));
        await chat.waitForMessage('From the window');
    }));
