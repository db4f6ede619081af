// A whole shift without a server: twenty devices of five agents write, note, assign and resolve; then the server
// comes back. Every action is there once or told to its author, and every cache equals the server.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { start, stopAll } from './support/processes.mjs';
import { Server } from './support/server.mjs';
import { once } from 'node:events';

const bin = process.env.DESKBELL_BIN ?? 'build/bin';
const devices = 20;
const actionsEach = 40;
const seed = Number(process.env.DESKBELL_SEED ?? 1 + Math.floor(Math.random() * 1e6));
const password = 'a long shift offline';

// mulberry32: small, and the same everywhere.
function randomOf(state) {
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

class Device {
  constructor(index, email) {
    this.index = index;
    this.email = email;
    this.profile = mkdtempSync(join(tmpdir(), 'deskbell-shift-'));
    this.random = randomOf(seed * 1000 + index);
    this.made = []; // { mid, what, number, text? }
  }

  /// Exit code and what was printed as JSON. Two programs at a time are enough for two cores.
  async ctl(args, input = '') {
    const child = start(join(bin, 'deskbellctl'), [...args, '--profile', this.profile, '--no-keychain', '--json', '--timeout', '120']);
    child.stdin.end(input);
    const [code] = await once(child, 'close');
    const line = child.lines.findLast((text) => /^[[{]/.test(text));
    return { code, json: line ? JSON.parse(line) : undefined, log: child.log };
  }

  async act(numbers, serial) {
    const number = numbers[this.random(numbers.length)];
    const pick = this.random(100);
    const text = `shift ${this.index}/${serial}`;
    const [what, ...rest] = pick < 45 ? ['reply', text]
      : pick < 65 ? ['note', text]
        : pick < 80 ? ['assign', ['me', 'none'][this.random(2)]]
          : ['status', ['open', 'resolved', 'pending'][this.random(3)]];
    const done = await this.ctl([what, String(number), ...rest, '--offline']);
    assert.equal(done.code, 0, `${what} offline: ${done.log}`);
    assert.equal(done.json.state, 'queued');
    this.made.push({ mid: done.json.id, what, number, text: rest[0] });
  }
}

async function pooled(items, work, width = 3) {
  const queue = [...items];
  await Promise.all(Array.from({ length: width }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  }));
}

let server;
let numbers;
const all = [];

before(async () => {
  console.log(`seed ${seed}`);
  server = await Server.withAccount({ password });
  const inbox = await server.websiteInbox('Shift');
  const emails = [server.email];
  const ids = [];
  for (const name of ['omar', 'lea', 'kenji', 'noor']) {
    const agent = await server.api('POST', '/agents', { name, email: `${name}@example.com`, role: 'agent', password });
    emails.push(agent.email);
    ids.push(agent.id);
  }
  await server.api('POST', '/inbox_members', { inbox_id: inbox.id, user_ids: ids });
  numbers = [];
  for (let i = 0; i < 30; ++i) {
    const contact = await server.api('POST', '/contacts', { name: `Customer ${i}`, inbox_id: inbox.id });
    const conversation = await server.api('POST', '/conversations',
      { contact_id: contact.id ?? contact.payload[0].id, inbox_id: inbox.id, message: { content: `Welcome ${i}` } });
    numbers.push(conversation.id);
  }
  for (let i = 0; i < devices; ++i) all.push(new Device(i, emails[i % emails.length]));
  // Signing in is dear on purpose (Argon2id) and rationed by address, so one after another.
  for (const device of all) {
    const signedIn = await device.ctl(['login', '--server', server.url, '--email', device.email], password + '\n');
    assert.equal(signedIn.code, 0, signedIn.log);
  }
  await pooled(all, async (device) => {
    const synced = await device.ctl(['sync']);
    assert.equal(synced.code, 0, synced.log);
    assert.equal(synced.json.conversations, numbers.length);
  });
});

after(async () => {
  await stopAll();
  await server?.remove();
  for (const device of all) rmSync(device.profile, { recursive: true, force: true });
});

test('a shift offline ends with every action once and every copy equal', async () => {
  await server.stop();
  await pooled(all, async (device) => {
    for (let i = 0; i < actionsEach; ++i) await device.act(numbers, i);
  });
  await server.serve();

  await pooled(all, async (device) => {
    const synced = await device.ctl(['sync']);
    assert.equal(synced.code, 0, synced.log);
    assert.equal(synced.json.queued, 0, `device ${device.index}: ${synced.log}`);
  });
  // A held reply is told on every device of its author, a refusal where it was made.
  const told = new Set();
  await pooled(all, async (device) => {
    const listed = await device.ctl(['problems', '--offline']);
    assert.equal(listed.code, 0, listed.log);
    for (const problem of listed.json) told.add(problem.id);
  });

  const texts = new Map(); // conversation → the text of each message, in order
  for (const number of numbers) {
    const shown = await all[0].ctl(['show', String(number)]);
    assert.equal(shown.code, 0, shown.log);
    texts.set(number, shown.json.messages.map((message) => message.body).filter((body) => body.startsWith('shift ')));
  }
  let held = 0;
  for (const device of all) {
    for (const { mid, what, number, text } of device.made) {
      if (what !== 'reply' && what !== 'note') continue;
      const found = texts.get(number).filter((body) => body === text).length;
      assert.equal(found, told.has(mid) ? 0 : 1, `${text} is there ${found} times, told: ${told.has(mid)}`);
      if (what === 'note') assert.ok(!told.has(mid), 'nothing stands in the way of a note');
      held += found === 0 ? 1 : 0;
    }
    // One author's texts stand in the order they were written.
    for (const bodies of texts.values()) {
      const own = bodies.filter((body) => body.startsWith(`shift ${device.index}/`)).map((body) => Number(body.split('/')[1]));
      assert.deepEqual(own, [...own].sort((a, b) => a - b));
    }
  }
  const made = new Set(all.flatMap((device) => device.made.map(({ mid }) => mid)));
  for (const mid of told) assert.ok(made.has(mid), `nobody made ${mid}`);
  assert.ok(held > 0, 'five people answered the same customers, and nobody collided?');
  console.log(`${made.size} actions, ${told.size} of them told to their authors, ${held} of these replies`);

  await pooled(all, async (device) => {
    const synced = await device.ctl(['sync']); // what others sent meanwhile
    assert.equal(synced.code, 0, synced.log);
    const verified = await device.ctl(['verify']);
    assert.equal(verified.code, 0, verified.log);
    assert.equal(verified.json.equal, true);
  });
});
