// Every setting, method and event of the page's side, by both names: Deskbell's own, and those that sites
// of the field's product know, loaded as their snippet loads it.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { launchBrowser } from './browser.mjs';
import { dropIn, ownSnippet, page, tag } from './host_site.mjs';
import { TestServer } from './server.mjs';
import { shot, until, visit as visitWith } from './visit.mjs';

let server;
let browser;
let token;

before(async () => {
    server = await TestServer.start();
    token = server.inbox.website_token;
    browser = await launchBrowser();
});
after(async () => {
    await browser?.close();
    await server?.remove();
});

const EVENTS = ['ready', 'error', 'on-message', 'on-start-conversation', 'postback', 'opened', 'closed'];

/** A new visitor on a page with this snippet; `heard` are the events of that name, in order. */
function visit(brand, settings, run, options = {}) {
    const snippet = brand === 'chatwoot' ? dropIn : ownSnippet;
    const html = options.html ?? page(snippet(server.url, token, settings), options.page);
    const prepare = (context) => context.addInitScript(
        ([name, events]) => {
            window.heard = [];
            for (const event of events) addEventListener(`${name}:${event}`, (e) => window.heard.push([event, e.detail]));
        },
        [brand, EVENTS],
    );
    return visitWith(browser, { pages: { '/': html } }, async (openPage, context, site) => {
        const chat = await openPage();
        const tab = chat.page;
        await tab.waitForFunction((name) => window['$' + name]?.hasLoaded, brand);
        const call = (method, ...args) => tab.evaluate(([name, m, a]) => window['$' + name][m](...a), [brand, method, args]);
        const heard = async (event) => (await tab.evaluate(() => window.heard)).filter(([name]) => name === event).map(([, detail]) => detail);
        await run({ chat, tab, call, heard, context, site, state: (name) => tab.evaluate(([b, n]) => window['$' + b][n], [brand, name]) });
    }, { ...options.context, prepare, expected: options.expected });
}

const conversation = async (id) => server.api('GET', `/conversations/${id}`);

async function talk(chat, text) {
    await chat.open();
    await chat.write(text);
    await chat.waitForMessage(text, { state: 'sent' });
    return server.conversationWith(text);
}

for (const brand of ['deskbell', 'chatwoot']) {
    describe(`window.$${brand}`, () => {
        test('position, type and launcherTitle', () =>
            visit(brand, { position: 'left', type: 'expanded_bubble', launcherTitle: 'Ask us' }, async ({ tab }) => {
                const button = tab.getByRole('button', { name: 'Ask us' });
                await button.waitFor();
                const box = await button.boundingBox();
                assert.equal(box.x, 20);
                assert.ok(box.width > 100);
                await shot(tab, `launcher-expanded-${brand}`);
                await button.click();
                await tab.locator('#deskbell section').waitFor();
                assert.equal((await tab.locator('#deskbell section').boundingBox()).x, 20);
            }));

        test('hideMessageBubble, toggle, isOpen, and toggleBubbleVisibility', () =>
            visit(brand, { hideMessageBubble: true }, async ({ chat, tab, call, state, heard }) => {
                const button = tab.locator('#deskbell > button, #deskbell button').first();
                assert.equal(await button.isVisible(), false);
                assert.equal(await state('isOpen'), false);
                await call('toggle');
                await chat.box.waitFor();
                assert.equal(await state('isOpen'), true);
                await call('toggle', 'open');
                assert.equal(await state('isOpen'), true);
                await call('toggle', 'close');
                await call('toggle', 'close');
                assert.equal(await state('isOpen'), false);
                await call('toggleBubbleVisibility', 'show');
                assert.equal(await button.isVisible(), true);
                await call('toggleBubbleVisibility', 'hide');
                assert.equal(await button.isVisible(), false);
                assert.equal((await heard('opened')).length, 1);
                assert.equal((await heard('closed')).length, 1);
                assert.equal((await heard('ready')).length, 1);
            }));

        test('darkMode, setColorScheme, locale, setLocale and widgetStyle', () =>
            visit(brand, { darkMode: 'dark', locale: 'de', widgetStyle: 'flat' }, async ({ tab, call }) => {
                await tab.getByRole('button', { name: 'Chat öffnen' }).click();
                const frame = tab.frameLocator('#deskbell iframe');
                await frame.locator('html[data-theme="dark"][lang^="de"].flat').waitFor({ state: 'attached' });
                await call('setColorScheme', 'light');
                await frame.locator('html[data-theme="light"]').waitFor({ state: 'attached' });
                await call('setLocale', 'ar');
                await frame.locator('html[dir="rtl"][lang^="ar"]').waitFor({ state: 'attached' });
                await tab.getByRole('button', { name: 'افتح المحادثة' }).waitFor();
            }));

        test('useBrowserLanguage', () =>
            visit(brand, { useBrowserLanguage: true, locale: 'en' }, async ({ tab }) => {
                await tab.getByRole('button', { name: 'Chat öffnen' }).click();
                await tab.frameLocator('#deskbell iframe').locator('html[lang^="de"]').waitFor({ state: 'attached' });
            }, { context: { locale: 'de-DE' } }));

        test('welcomeTitle, welcomeDescription, availableMessage and unavailableMessage', () =>
            visit(brand, { welcomeTitle: 'Ahoy', welcomeDescription: 'Say it <b>plainly</b>', unavailableMessage: 'All asleep', availableMessage: 'Somebody is up' }, async ({ chat }) => {
                await chat.open();
                await chat.frame.getByText('Ahoy').first().waitFor();
                await chat.frame.getByText('Say it <b>plainly</b>').first().waitFor();
                await chat.frame.getByText(/All asleep|Somebody is up/).locator('visible=true').first().waitFor();
            }));

        test('enableFileUpload, enableEmojiPicker and enableEndConversation', () =>
            visit(brand, { enableFileUpload: false, enableEmojiPicker: false, enableEndConversation: false }, async ({ chat }) => {
                await talk(chat, `nothing beside ${brand}`);
                assert.equal(await chat.frame.getByRole('button', { name: /emoji/i }).count(), 0);
                assert.equal(await chat.frame.getByRole('button', { name: /attach|file/i }).count(), 0);
            }));

        test('events: on-start-conversation, on-message for both sides, unread teasers open the chat', () =>
            visit(brand, {}, async ({ chat, tab, call, heard }) => {
                const text = `hello by ${brand}`;
                const id = await talk(chat, text);
                const started = await until('the start', async () => (await heard('on-start-conversation'))[0]);
                assert.equal(started.hasConversation, false);
                await call('toggle', 'close');
                await server.reply(id, 'the answer');
                const messages = await until('both messages', async () => ((await heard('on-message')).length === 2 ? heard('on-message') : null));
                assert.deepEqual(messages.map((m) => [m.content, m.message_type]), [[text, 0], ['the answer', 1]]);
                assert.equal(messages[1].sender.name, 'Sara Lind');
                assert.ok(Number.isInteger(messages[1].created_at) && messages[1].id && messages[1].conversation_id);
                const teaser = tab.getByRole('button', { name: 'the answer' });
                await teaser.waitFor();
                await shot(tab, `teaser-${brand}`);
                await teaser.click();
                await chat.waitForTexts([text, 'the answer']);
                assert.equal(await teaser.count(), 0);
                assert.equal(await chat.unread(), 0);
            }));

        test('showUnreadMessagesDialog: false leaves it at the number', () =>
            visit(brand, { showUnreadMessagesDialog: false }, async ({ chat, tab, call }) => {
                const id = await talk(chat, `quiet ${brand}`);
                await call('toggle', 'close');
                await server.reply(id, 'no teaser of this');
                await until('the badge', async () => (await chat.unread()) === 1);
                assert.equal(await tab.getByRole('button', { name: 'no teaser of this' }).count(), 0);
            }));

        test('setCustomAttributes, conversation attributes and labels reach the server, and are taken back', () =>
            visit(brand, {}, async ({ chat, call }) => {
                const label = `vip-${brand}`;
                await server.api('POST', '/labels', { title: label, color: '#112233', show_on_sidebar: true });
                await call('setConversationCustomAttributes', { order: '42', gift: true });
                await call('setLabel', label);
                const id = await talk(chat, `attributes by ${brand}`);
                await until('attributes at the start', async () => (await conversation(id)).custom_attributes?.order === '42');
                await until('the label', async () => (await conversation(id)).labels?.includes(label));
                await call('setCustomAttributes', { plan: 'pro', seats: 3 });
                const contact = async () => (await server.api('GET', `/contacts/${(await conversation(id)).meta.sender.id}`)).payload;
                await until('contact attributes', async () => (await contact()).custom_attributes?.plan === 'pro');
                await call('deleteCustomAttribute', 'seats');
                await until('one less', async () => !('seats' in (await contact()).custom_attributes));
                assert.equal((await contact()).custom_attributes.plan, 'pro');
                await call('deleteConversationCustomAttribute', 'gift');
                await until('one less there', async () => !('gift' in (await conversation(id)).custom_attributes));
                await call('removeLabel', label);
                await until('no label', async () => !(await conversation(id)).labels.includes(label));
            }));

        test('setUser unverified names the visitor, again changes nothing, reset makes them somebody else', () =>
            visit(brand, {}, async ({ chat, tab, call, heard }) => {
                const email = `${brand}@example.com`;
                const sessions = [];
                tab.on('request', (r) => r.url().endsWith('/w/v1/session') && sessions.push(r.postDataJSON()));
                const id = await talk(chat, `who am I, ${brand}`);
                await call('setUser', 77, { name: `Ada ${brand}`, email });
                await until('the name', async () => (await conversation(id)).meta.sender.name === `Ada ${brand}`);
                const asked = sessions.filter((s) => s.identity).length;
                assert.equal(asked, 1);
                await call('setUser', 77, { name: `Ada ${brand}`, email });
                await call('reset');
                await chat.open();
                await until('an empty chat', async () => (await chat.texts()).length === 0);
                const other = await talk(chat, `somebody else, ${brand}`);
                assert.notEqual(other, id);
                assert.equal(sessions.filter((s) => s.identity).length, asked);
                assert.deepEqual(await heard('error'), []);
            }));

        test('errors: what cannot be a user, a label or attributes is told as an event and breaks nothing', () =>
            visit(brand, {}, async ({ chat, call, heard }) => {
                await chat.open();
                await call('setUser', '', { name: 'x' });
                await call('setUser', { id: 1 }, { name: 'x' });
                await call('setUser', 'id', { phone_number: '+49' });
                await call('setCustomAttributes', {});
                await call('setLabel', 7);
                const codes = await until('the errors', async () => ((await heard('error')).length === 5 ? heard('error') : null));
                assert.deepEqual(codes.map((e) => e.code), ['invalid_user', 'invalid_user', 'invalid_user', 'invalid_attributes', 'invalid_label']);
                await chat.write('still works');
                await chat.waitForMessage('still works', { state: 'sent' });
            }));

        test('popoutChatWindow continues in a window of its own', () =>
            visit(brand, {}, async ({ chat, tab, context }) => {
                await talk(chat, `to the window, ${brand}`);
                await tab.evaluate((name) => addEventListener('click', () => window['$' + name].popoutChatWindow(), { once: true }), brand);
                const [window] = await Promise.all([context.waitForEvent('page'), tab.locator('h1').click()]);
                const texts = window.getByRole('log').locator('.words');
                await texts.filter({ hasText: `to the window, ${brand}` }).waitFor();
                await until('the panel closed', () => tab.evaluate((name) => !window['$' + name].isOpen, brand));
                const box = window.getByRole('textbox', { name: 'Message' });
                await box.fill('from the window');
                await box.press('Enter');
                await until('the same conversation', async () => (await server.incoming(await server.conversationWith(`to the window, ${brand}`))).includes('from the window'));
            }));

        test('setUser proves itself by HMAC and by JWT; a wrong proof is an error and shows nothing', async () => {
            const secret = server.inbox.hmac_token ?? (await server.api('GET', `/inboxes/${server.inbox.id}`)).hmac_token;
            assert.ok(secret, 'the inbox tells administrators its secret');
            const who = `customer-${brand}`;
            const identifier_hash = createHmac('sha256', secret).update(who).digest('hex');
            const text = `private matters of ${who}`;
            await visit(brand, {}, async ({ chat, call }) => {
                await chat.open();
                await call('setUser', who, { name: 'Grace', email: `grace-${brand}@example.com`, identifier_hash });
                await talk(chat, text);
            });
            const b64 = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
            const head = `${b64({ alg: 'HS256', typ: 'JWT' })}.${b64({ sub: who, exp: Math.floor(Date.now() / 1000) + 300, name: 'Grace' })}`;
            const jwt = `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
            for (const [id, user] of [[who, { name: 'Grace', identifier_hash }], ['', { jwt }]]) {
                await visit(brand, {}, async ({ chat, call }) => {
                    await call('setUser', id, user);
                    await call('toggle', 'open');
                    await until('the history', async () => {
                        const resume = chat.frame.locator('.tile.resume');
                        if (await resume.isVisible()) await resume.click();
                        return (await chat.texts()).includes(text);
                    });
                });
            }
            for (const user of [{ name: 'Eve', identifier_hash: '0'.repeat(64) }, { jwt: jwt.slice(0, -3) + 'AAA' }]) {
                await visit(brand, {}, async ({ chat, call, heard }) => {
                    await call('setUser', who, user);
                    await chat.open();
                    const [error] = await until('the error', async () => ((await heard('error')).length ? heard('error') : null));
                    assert.equal(error.code, 'identity_invalid');
                    assert.deepEqual(await chat.texts(), []);
                });
            }
            await visit(brand, {}, async ({ chat, call }) => {
                await call('setUser', who, { name: 'Eve' });
                await chat.open();
                await chat.connected();
                assert.deepEqual(await chat.texts(), [], 'without a proof nothing of it is shown');
            });
        });

        test('postback: a card\'s button tells the page', () =>
            visit(brand, {}, async ({ chat, heard }) => {
                const id = await talk(chat, `cards for ${brand}`);
                await server.api('POST', `/conversations/${id}/messages`, {
                    content: 'Pick', content_type: 'cards',
                    content_attributes: { items: [{ title: 'Lamp', description: 'Brass', actions: [{ type: 'postback', text: 'Take it', payload: 'take_lamp' }] }] },
                });
                await chat.frame.getByRole('button', { name: 'Take it' }).click();
                const [detail] = await until('the postback', async () => ((await heard('postback')).length ? heard('postback') : null));
                assert.equal(detail.payload, 'take_lamp');
            }));
    });
}

test('the field\'s names can be switched off, and are left alone where somebody else has them', async () => {
    await visit('deskbell', { compat: false }, async ({ tab }) => {
        assert.deepEqual(await tab.evaluate(() => [typeof window.$chatwoot, typeof window.$deskbell.toggle]), ['undefined', 'function']);
    });
    const theirs = '<script>window.$chatwoot = { theirs: 1 }; window.chatwootSDK = { theirs: 2 };</script>';
    await visit('deskbell', {}, async ({ tab }) => {
        assert.deepEqual(await tab.evaluate(() => [window.$chatwoot, window.chatwootSDK]), [{ theirs: 1 }, { theirs: 2 }]);
    }, { html: page(theirs + tag(server.url, token)) });
});

test('calls before the script are played, settings come as attributes, too, and one wins over the other', () => {
    const early = `<script>window.$deskbell = [['on', 'opened', () => window.opens = 1], ['open']]; window.deskbellSettings = { position: 'right', darkMode: 'light' };</script>`;
    return visit('deskbell', {}, async ({ chat, tab }) => {
        await chat.box.waitFor();
        assert.equal(await tab.evaluate(() => window.opens), 1);
        assert.equal((await tab.locator('#deskbell section').boundingBox()).x, 20);
        await chat.frame.locator('html[data-theme="light"]').waitFor({ state: 'attached' });
    }, { html: page(early + tag(server.url, token, 'data-position="left"')) });
});

test('on, off and unread are for pages that listen without window events', () =>
    visit('deskbell', {}, async ({ chat, tab, call }) => {
        await tab.evaluate(() => {
            window.counts = [];
            window.listen = (n) => window.counts.push(n);
            window.$deskbell.on('unread', window.listen);
        });
        const id = await talk(chat, 'count me');
        await call('close');
        await server.reply(id, 'one');
        await until('one', () => tab.evaluate(() => window.counts.at(-1) === 1));
        await tab.evaluate(() => window.$deskbell.off('unread', window.listen));
        await server.reply(id, 'two');
        await until('the badge', async () => (await chat.unread()) === 2);
        assert.equal(await tab.evaluate(() => window.counts.at(-1)), 1);
    }));

test('without the field\'s names in the page nothing of them is made up: no page error where the token is unknown', () =>
    visit('deskbell', {}, async ({ tab }) => {
        await tab.evaluate(() => {
            window.errors = [];
            window.$deskbell.on('error', (e) => window.errors.push(e.code));
            window.$deskbell.open();
        });
        await until('the error', () => tab.evaluate(() => window.errors.length > 0), 30000);
        assert.deepEqual(await tab.evaluate(() => [window.errors, window.$deskbell.isOpen]), [['unreachable'], false]);
    }, { html: page(tag(server.url, 'unknown-token')), expected: /frame-ancestors 'none'/ }));
