// deskbellctl against a real server: what was refused or held is listed and decided, devices are listed and signed out.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { once } from 'node:events';
import { start, stopAll } from './support/processes.mjs';
import { Server } from './support/server.mjs';

const bin = process.env.DESKBELL_BIN ?? 'build/bin';
const password = 'correct horse battery';
const codes = { ok: 0, usage: 2, notConnected: 3, notSignedIn: 4 };

class Profile {
  constructor(email) {
    this.email = email;
    this.folder = mkdtempSync(join(tmpdir(), 'deskbell-ctl-'));
  }

  /// Exit code, what was printed as JSON (or as text, without `json`), and what was complained of.
  async ctl(args, { input = '', json = true } = {}) {
    const child = start(join(bin, 'deskbellctl'),
      [...args, '--profile', this.folder, '--no-keychain', '--timeout', '60', ...(json ? ['--json'] : [])]);
    child.stdin.end(input);
    const [code] = await once(child, 'close');
    const line = child.lines.findLast((text) => /^[[{]/.test(text));
    return { code, json: json && line ? JSON.parse(line) : undefined, lines: child.lines, log: child.log };
  }

  async ok(args, options) {
    const done = await this.ctl(args, options);
    assert.equal(done.code, codes.ok, `${args.join(' ')}: ${done.log}`);
    return done;
  }

  async signIn(server) {
    await this.ok(['login', '--server', server.url, '--email', this.email], { input: password + '\n' });
    await this.ok(['sync']);
  }

  remove() { rmSync(this.folder, { recursive: true, force: true }); }
}

let server;
let number;
let sara;
let omar;

before(async () => {
  server = await Server.withAccount({ password });
  const inbox = await server.websiteInbox('Website');
  const agent = await server.api('POST', '/agents', { name: 'Omar', email: 'omar@example.com', role: 'agent', password });
  await server.api('POST', '/inbox_members', { inbox_id: inbox.id, user_ids: [agent.id] });
  const contact = await server.api('POST', '/contacts', { name: 'Mara', inbox_id: inbox.id });
  const made = await server.api('POST', '/conversations',
    { contact_id: contact.id ?? contact.payload[0].id, inbox_id: inbox.id, message: { content: 'Welcome' } });
  number = String(made.id);
  sara = new Profile(server.email);
  omar = new Profile('omar@example.com');
  await sara.signIn(server);
  await omar.signIn(server);
});

after(async () => {
  await stopAll();
  await server?.remove();
  for (const profile of [sara, omar]) profile?.remove();
});

/// Omar answers offline while Sara answers: his reply is held.
async function heldReply(text) {
  await omar.ok(['sync']);
  await omar.ok(['reply', number, text, '--offline']);
  await sara.ok(['reply', number, `Sara was faster than ${text}`]);
  await omar.ok(['sync']);
  const listed = (await omar.ok(['problems'])).json.filter((one) => one.body === text);
  assert.equal(listed.length, 1, `${text} is not held`);
  return listed[0];
}

const texts = async () => (await omar.ok(['show', number])).json.messages.map((message) => message.body);

test('a held reply is listed with its sentence and what can be done', async () => {
  const problem = await heldReply('Held and listed');
  assert.equal(problem.state, 'held');
  assert.equal(problem.code, 'reply_collision');
  assert.match(problem.reason, /Sara Lind answered/);
  assert.deepEqual([...problem.actions].sort(), ['copy', 'discard', 'edit', 'note', 'send-anyway', 'show-both'].sort());
  const printed = (await omar.ok(['problems'], { json: false })).lines.join('\n');
  assert.ok(printed.includes(problem.id) && printed.includes('Held and listed') && printed.includes('send-anyway'), printed);
  assert.ok(!(await texts()).includes('Held and listed'));
  await omar.ok(['problem', problem.id, 'discard']);
  assert.deepEqual((await omar.ok(['problems'])).json, []);
});

test('a held reply is sent anyway, once', async () => {
  const problem = await heldReply('Sent anyway');
  const done = await omar.ok(['problem', problem.id.slice(0, 13), 'send-anyway']); // the beginning is enough
  assert.equal(done.json.state, 'done');
  assert.equal((await texts()).filter((body) => body === 'Sent anyway').length, 1);
  assert.deepEqual((await omar.ok(['problems'])).json, []);
});

test('a held reply becomes a note, decided offline', async () => {
  const problem = await heldReply('Note it');
  const queued = await omar.ok(['problem', problem.id, 'note', '--offline']);
  assert.equal(queued.json.state, 'queued');
  await omar.ok(['sync']);
  const notes = (await omar.ok(['show', number])).json.messages.filter((message) => message.body === 'Note it');
  assert.equal(notes.length, 1);
  assert.equal(notes[0].kind, 'note');
  assert.deepEqual((await omar.ok(['problems'])).json, []);
});

test('what is no problem and no action is said so', async () => {
  const problem = await heldReply('Still here');
  assert.equal((await omar.ctl(['problem', 'ffffffff', 'discard'])).code, codes.usage);
  const nonsense = await omar.ctl(['problem', problem.id, 'frobnicate']);
  assert.equal(nonsense.code, codes.usage);
  assert.match(nonsense.log, /not one of its actions/);
  assert.equal((await omar.ctl(['problem', problem.id, 'show-both'])).code, codes.usage); // needs a screen
  assert.equal((await omar.ok(['problems'])).json.length, 1);
  await omar.ok(['problem', problem.id, 'discard']);
});

test('devices are listed, one is signed out and wipes itself, then all others', async () => {
  const [lost, kept] = [new Profile(sara.email), new Profile(sara.email)];
  try {
    await lost.signIn(server);
    await kept.signIn(server);
    const listed = (await sara.ok(['devices'])).json;
    assert.equal(listed.length, 3);
    assert.equal(listed.filter((device) => device.current).length, 1);
    assert.ok(listed.every((device) => device.name && device.last_seen_at > 0));
    const printed = (await sara.ok(['devices'], { json: false })).lines;
    assert.equal(printed.filter((line) => line.includes('(this one)')).length, 1);

    const lostId = (await lost.ok(['devices'])).json.find((device) => device.current).id;
    const myId = listed.find((device) => device.current).id;
    assert.equal((await sara.ctl(['revoke', 'ffffffff'])).code, codes.usage);
    assert.equal((await sara.ctl(['revoke', myId])).code, codes.usage); // not the one in use
    assert.equal((await sara.ctl(['revoke', listed[0].id.slice(0, 2)])).code, codes.usage); // several begin so
    assert.equal((await sara.ok(['revoke', lostId])).json.revoked, 1);
    assert.equal((await sara.ok(['devices'])).json.length, 2);

    const out = await lost.ctl(['sync']);
    assert.notEqual(out.code, codes.ok);
    const left = await lost.ctl(['list', '--offline']);
    assert.ok(left.code !== codes.ok || left.json.length === 0, 'a revoked device still shows conversations');

    assert.equal((await sara.ok(['revoke', 'others'])).json.revoked, 1);
    assert.equal((await sara.ok(['devices'])).json.length, 1);
    assert.notEqual((await kept.ctl(['sync'])).code, codes.ok);
    await sara.ok(['sync']);
  } finally {
    lost.remove();
    kept.remove();
  }
});

test('without a connection devices cannot be listed or signed out', async () => {
  assert.equal((await sara.ctl(['devices', '--offline'])).code, codes.notConnected);
  assert.equal((await sara.ctl(['revoke', 'others', '--offline'])).code, codes.notConnected);
  const nobody = new Profile('nobody@example.com');
  assert.equal((await nobody.ctl(['devices'])).code, codes.notSignedIn);
  nobody.remove();
});
