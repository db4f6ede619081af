// The main job: a visitor writes on a web page, an agent answers from the desktop. Everything is real.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { launchBrowser } from '../../web/e2e/browser.mjs';
import { WidgetPage } from '../../web/e2e/widget_page.mjs';
import { Desktop, Screen } from './support/desktop.mjs';
import { eventually, run, stopAll } from './support/processes.mjs';
import { Server } from './support/server.mjs';

const bin = process.env.DESKBELL_BIN ?? 'build/bin';
let server, screen, desktop, browser, page, widget;

before(async () => {
  server = await Server.withAccount();
  await server.websiteInbox();
  screen = await Screen.open();
  browser = await launchBrowser();
  page = await browser.context.newPage();
  widget = new WidgetPage(page);
});

after(async () => {
  await browser?.close();
  await desktop?.close();
  await screen?.close();
  await server?.remove();
  await stopAll();
});

// J opens the thread. There is only one, so it may be pressed again where the window was not ready for the first.
async function openThread() {
  await eventually(async () => {
    await screen.keys('j');
    return desktop.see('Reply', { role: 'text', seconds: 3 });
  }, 30, 'the thread');
}

async function reply(text) {
  await desktop.focus('Reply', 'text');
  await screen.type(text);
  await screen.keys('ctrl+Return');
}

test('a visitor writes, the agent sees it in the window and answers by keyboard', async () => {
  await page.goto(`${server.url}/demo`);
  await widget.open();
  await widget.write('Where is my order 4821?');
  await widget.waitForMessage('Where is my order 4821?', { state: 'sent' });

  desktop = new Desktop(screen, { args: ['--server', server.url] });
  await desktop.open();
  await desktop.see('Email', { seconds: 30 });
  await screen.shot('e2e-sign-in');
  await desktop.fill('Email', server.email);
  await desktop.fill('Password', server.password);
  await screen.keys('Return');

  // The list row tells the message; J opens the thread.
  await desktop.see('Where is my order 4821?', { seconds: 40 });
  await openThread();
  await desktop.see('Where is my order 4821?', { role: 'list item' });
  await screen.keys('r');
  await reply('It left the warehouse this morning.');
  await widget.waitForMessage('It left the warehouse this morning.', { state: 'sent' });
  await screen.shot('e2e-answered');
});

test('typing shows on the other side', async () => {
  await widget.box.pressSequentially('One more qu', { delay: 60 });
  await desktop.see('typing', { seconds: 15 });
  await widget.box.fill('');
});

test('both sides write while the server is killed: nothing lost, nothing doubled, order kept', async () => {
  await server.kill();
  await widget.write('Are you still there?');
  await widget.write('I can wait.');
  await reply('Written while the line is down.');
  await desktop.see('Written while the line is down.');
  await screen.shot('e2e-offline');
  await server.serve();

  const texts = await eventually(async () => {
    const now = await widget.messages();
    return now.length === 5 && now.every((m) => m.state === 'sent') && now.map((m) => m.text);
  }, 90, 'every message on the page');
  assert.deepEqual(texts.filter((text) => text !== 'Written while the line is down.'),
    ['Where is my order 4821?', 'It left the warehouse this morning.', 'Are you still there?', 'I can wait.']);
  assert.equal(new Set(texts).size, 5);
  for (const text of texts) await desktop.see(text);

  // The server's own account of it, in its order.
  const list = await server.api('GET', '/conversations?status=all');
  assert.equal(list.data.payload.length, 1);
  const stored = await server.api('GET', `/conversations/${list.data.payload[0].id}/messages`);
  assert.deepEqual(stored.payload.filter((m) => m.message_type !== 2).map((m) => m.content), texts);
});

test('the page is reloaded and the app restarted without a server: all is still there', async () => {
  await page.reload();
  await widget.open();
  await eventually(async () => (await widget.messages()).length === 5, 30, 'the history on return');

  const profile = desktop.profile;
  await desktop.close('SIGKILL');
  await server.kill();
  desktop = new Desktop(screen, { profile });
  await desktop.open();
  await desktop.see('Written while the line is down.', { seconds: 30 });
  await openThread();
  for (const text of ['Where is my order 4821?', 'It left the warehouse this morning.', 'I can wait.']) await desktop.see(text);
  await reply('Sent when you are back.');
  await desktop.see('Sent when you are back.');
  await desktop.close('SIGKILL'); // what was typed offline outlives the app
  await server.serve();
  desktop = new Desktop(screen, { profile });
  await desktop.open();
  await widget.waitForMessage('Sent when you are back.', { state: 'sent', timeout: 60_000 });
  assert.equal((await widget.texts()).filter((text) => text === 'Sent when you are back.').length, 1);
});

test('the command-line client agrees with the server to the digest', async () => {
  const profile = join(server.data, 'ctl');
  const ctl = (...args) => run(join(bin, 'deskbellctl'), [...args, '--profile', profile]);
  await run(join(bin, 'deskbellctl'), ['login', '--profile', profile, '--server', server.url, '--email', server.email],
    { input: server.password + '\n' });
  await ctl('sync');
  await ctl('verify');
  const list = JSON.parse(await ctl('list', '--json'));
  assert.equal(list.length, 1);
  assert.ok(existsSync(profile));
  await ctl('reply', String(list[0].num ?? list[0].id), 'From the terminal.');
  await widget.waitForMessage('From the terminal.', { state: 'sent' });
  await ctl('sync');
  await ctl('verify');
});
