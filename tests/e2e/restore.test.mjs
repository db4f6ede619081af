// The server's folder is put back from an older copy. What an agent's program had sent since then is put on record
// again from its outbox, once, marked, and not sent again; what cannot be told goes to its author.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { run, start, stopAll } from './support/processes.mjs';
import { Server } from './support/server.mjs';

const bin = process.env.DESKBELL_BIN ?? 'build/bin';
const password = 'an older copy of it all';
const profile = mkdtempSync(join(tmpdir(), 'deskbell-restore-'));
const copy = mkdtempSync(join(tmpdir(), 'deskbell-copy-'));
let server;
let inbox;

async function ctl(args, input = '') {
  const child = start(join(bin, 'deskbellctl'), [...args, '--profile', profile, '--no-keychain', '--json', '--timeout', '60']);
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  const line = child.lines.findLast((text) => /^[[{]/.test(text));
  return { code, json: line ? JSON.parse(line) : undefined, log: child.log };
}

async function done(...args) {
  const result = await ctl(args);
  assert.equal(result.code, 0, `${args.join(' ')}: ${result.log}`);
  return result.json;
}

async function signIn() {
  const signedIn = await ctl(['login', '--server', server.url, '--email', server.email], password + '\n');
  assert.equal(signedIn.code, 0, signedIn.log);
}

async function newConversation(name) {
  const contact = await server.api('POST', '/contacts', { name, inbox_id: inbox.id });
  const conversation = await server.api('POST', '/conversations',
    { contact_id: contact.id ?? contact.payload[0].id, inbox_id: inbox.id, message: { content: `Welcome ${name}` } });
  return conversation.id;
}

const bodies = async (number) => (await done('show', String(number))).messages.map((message) => message.body);

before(async () => {
  server = await Server.withAccount({ password });
  inbox = await server.websiteInbox('Restore');
  await signIn();
});

after(async () => {
  await stopAll();
  await server?.remove();
  for (const folder of [profile, copy]) rmSync(folder, { recursive: true, force: true });
});

test('what a program sent after the copy was made is on record again', async () => {
  const first = await newConversation('Ana');
  const second = await newConversation('Ben');
  await done('reply', String(first), 'before the copy');
  await done('sync');

  await server.stop();
  cpSync(server.data, copy, { recursive: true });
  await server.serve();

  const third = await newConversation('Chidi');
  await done('reply', String(first), 'after the copy');
  await done('note', String(second), 'a note after the copy');
  await done('status', String(second), 'resolved');
  await done('reply', String(third), 'to somebody the copy has never heard of');
  const before = await done('sync');
  assert.equal(before.queued, 0);
  assert.equal(before.conversations, 3);

  await server.stop();
  rmSync(server.data, { recursive: true });
  cpSync(copy, server.data, { recursive: true });
  const restored = JSON.parse((await run(join(bin, 'deskbelld'), ['restored', '--data', server.data])).split('\n')
    .find((line) => line.startsWith('{')));
  assert.ok(restored.epoch > 1e9, 'an epoch is named by the time: no two restores share one');
  await server.serve();
  // Its token was renewed since the copy was made: the server no longer knows it.
  await signIn();

  const synced = await done('sync');
  assert.equal(synced.conversations, 2);
  assert.equal(synced.queued, 0);
  const shown = (await done('show', String(first))).messages;
  const own = shown.filter((message) => message.body.endsWith('the copy'));
  assert.deepEqual(own.map((message) => message.body), ['before the copy', 'after the copy']);
  assert.equal(own[1].delivery, 'sent_before_restore');
  assert.notEqual(own[0].delivery, 'sent_before_restore');
  assert.deepEqual((await bodies(second)).filter((body) => body.startsWith('a note')), ['a note after the copy']);
  assert.equal((await done('show', String(second))).status, 'resolved');

  const problems = await done('problems', '--offline');
  assert.equal(problems.length, 1, 'words that have no place any more go to their author');
  assert.ok(JSON.stringify(problems[0]).includes('to somebody the copy has never heard of'));

  await done('sync');
  assert.equal((await bodies(first)).filter((body) => body === 'after the copy').length, 1);
  assert.equal((await done('verify')).equal, true);
  const doctor = JSON.parse((await run(join(bin, 'deskbelld'), ['doctor', '--data', server.data, '--json'])).split('\n')
    .findLast((line) => /^[[{]/.test(line)));
  assert.ok(JSON.stringify(doctor).includes('sent before a restore'));
});
