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
    browser = await launchBrowser();
});
after(async () => {
    await browser?.close();
    await server?.remove();
});

const visit = (run, options) => visitWith(browser, server.url + '/demo', run, options);
const onScreen = (chat, name) => chat.frame.locator(`html[data-screen="${name}"]`).waitFor({ state: 'attached' });
const press = (chat, name) => chat.frame.getByRole('button', { name, exact: true }).click();

test('the first screen greets, takes the first message, and leads back to the conversation', () =>
    visit(async (openPage) => {
        const chat = await openPage();
        await chat.open();
        await chat.connected();
        await onScreen(chat, 'home');
        await chat.frame.getByText('Hi there').waitFor();
        await chat.write('From the first screen');
        await onScreen(chat, 'chat');
        await chat.waitForMessage('From the first screen', { state: 'sent' });
        const conversation = await server.conversationWith('From the first screen');
        await press(chat, 'Back');
        await onScreen(chat, 'home');
        await server.reply(conversation, 'Hello yourself');
        const resume = chat.frame.getByRole('button', { name: /Continue the conversation/ });
        await resume.getByText('Hello yourself').waitFor();
        await until('the badge on the card', async () => (await resume.locator('.count').textContent()) === '1');
        await shot(chat.page, 'home-continue');
        await resume.click();
        await chat.waitForTexts(['From the first screen', 'Hello yourself']);
        await until('it is read', async () => (await chat.unread()) === 0);
    }));
