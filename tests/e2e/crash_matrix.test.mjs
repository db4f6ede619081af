// Kills the real programs at every failpoint, starts them again, and looks at what is left: what was acknowledged is there
// once, nothing is there twice, the files are whole, the copy equals the server. Then the same with a full disk, a torn cache
// and an older home directory put back. With DESKBELL_LONG every failpoint is hit at several of its visits.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync, writeSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Device } from './support/device.mjs';
import { run, stopAll } from './support/processes.mjs';
import { Server } from './support/server.mjs';

const bin = process.env.DESKBELL_BIN ?? 'build/bin';
const source = process.env.DESKBELL_SOURCE ?? join(import.meta.dirname, '../..');
const visits = process.env.DESKBELL_LONG ? [1, 2, 3, 4, 5] : [1, 2];

const folder = mkdtempSync(join(tmpdir(), 'deskbell-matrix-'));
const log = join(folder, 'visited');
const file = join(folder, 'picture.bin');
let server;
let device;
let serial = 0;

const clientPoints = ['outbox.commit.before', 'outbox.commit.after', 'cache.commit.before', 'cache.commit.after', 'intent.stored',
  'intents.attempted', 'verdicts.stored', 'intents.retired', 'upload.spooled', 'upload.piece.acknowledged', 'upload.arrived', 'token.stored'];
const serverPoints = ['server.commit.before', 'server.commit.after', 'server.answer.before', 'blob.committed', 'blob.moved', 'upload.piece.written'];
const wipePoints = ['wipe.begun', 'wipe.cache.removed', 'wipe.outbox.emptied'];

/// Names in the sources.
function namedPoints() {
  const names = new Set();
  const look = (path) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const below = join(path, entry.name);
      if (entry.isDirectory()) look(below);
      else if (entry.name.endsWith('.cpp') && entry.name !== 'failpoint.cpp')
        for (const line of readFileSync(below, 'utf8').split('\n'))
          if (line.includes('failpoint(')) for (const [, name] of line.matchAll(/"([a-z.]+)"/g)) names.add(name);
    }
  };
  for (const part of ['shared', 'server', 'client']) look(join(source, part));
  return names;
}

const at = (point, visit = 1) => ({ FAILPOINT: `${point}:${visit}`, FAILPOINT_LOG: log });

/// The world as it was before the first case.
async function begin() {
  await server.stop();
  rmSync(server.data, { recursive: true, force: true });
  cpSync(join(folder, 'data'), server.data, { recursive: true });
  device.load(join(folder, 'home'));
  await server.serve();
}

/// Three things to do; those whose program came to its end are acknowledged.
async function work(options = {}) {
  const made = [];
  const tag = `case ${++serial}`;
  for (const args of [['note', '1', `${tag} a`, '--attach', file], ['reply', '2', `${tag} b`], ['note', '3', `${tag} c`]]) {
    const done = await device.ctl([...args, '--offline'], options);
    made.push({ text: args[2], number: args[1], acknowledged: done.code === 0, log: done.log });
  }
  return made;
}

/// Everything is over: what was acknowledged is there once, the rest at most once, and both sides agree.
async function check(made, what) {
  const synced = await device.ctl(['sync']);
  assert.equal(synced.code, 0, `${what}: ${synced.log}`);
  assert.equal(synced.json.queued, 0, `${what}: ${synced.log}`);
  for (const { text, number, acknowledged, log: said } of made) {
    const shown = await device.ctl(['show', number]);
    assert.equal(shown.code, 0, `${what}: ${shown.log}`);
    const found = shown.json.messages.filter((message) => message.body === text);
    assert.ok(acknowledged ? found.length === 1 : found.length <= 1,
      `${what}: "${text}" (${acknowledged ? 'acknowledged' : 'not acknowledged'}) is there ${found.length} times\n${said}`);
  }
  const verified = await device.ctl(['verify']);
  assert.equal(verified.code, 0, `${what}: ${verified.log}`);
  await server.stop();
  const doctor = await run(join(bin, 'deskbelld'), ['doctor', '--data', server.data, '--json', '--listen', `127.0.0.1:${server.port}`])
    .catch((error) => error.message);
  assert.match(doctor, /"healthy":\s*true/, `${what}: ${doctor}`);
}

before(async () => {
  writeFileSync(file, Buffer.alloc(6 << 20, 'deskbell'));
  server = await Server.withAccount();
  const inbox = await server.websiteInbox('Matrix');
  for (let i = 0; i < 3; ++i) {
    const contact = await server.api('POST', '/contacts', { name: `Customer ${i}`, inbox_id: inbox.id });
    await server.api('POST', '/conversations', { contact_id: contact.id ?? contact.payload[0].id, inbox_id: inbox.id, message: { content: 'planted marker' } });
  }
  device = new Device();
  assert.equal((await device.login(server)).code, 0);
  assert.equal((await device.ctl(['sync'])).code, 0);
  await server.stop();
  cpSync(server.data, join(folder, 'data'), { recursive: true });
  device.save(join(folder, 'home'));
});

after(async () => {
  await stopAll();
  await server?.remove();
  device?.remove();
  rmSync(folder, { recursive: true, force: true });
});

for (const point of clientPoints)
  for (const visit of visits)
    test(`the client is killed at ${point}, visit ${visit}`, async () => {
      await begin();
      const made = await work({ env: at(point, visit) });
      await device.ctl(['sync'], { env: at(point, visit) });
      await check(made, `${point}:${visit}`);
    });

for (const point of serverPoints)
  for (const visit of visits)
    test(`the server is killed at ${point}, visit ${visit}`, async () => {
      await begin();
      const made = await work();
      await server.stop();
      await server.serve({ env: at(point, visit) });
      await device.ctl(['sync'], { seconds: 6 });
      await server.kill();
      await server.serve();
      await check(made, `${point}:${visit}`);
    });

test('the client is killed while it asks again what a restored server has forgotten', async () => {
  await begin();
  assert.equal((await device.ctl(['note', '1', 'lost with the server'])).code, 0);
  const home = join(folder, 'newer-home');
  device.save(home);
  await begin(); // the server as it was before
  device.load(home);
  const made = await work();
  assert.equal((await device.login(server)).code, 0); // the older server does not know the newer sign-in
  await device.ctl(['sync'], { env: at('reset.intents.asked.again') });
  await check(made, 'reset');
});

for (const point of wipePoints)
  test(`a wipe is ended at ${point} and goes on at the next start`, async () => {
    await begin();
    const other = new Device();
    try {
      assert.equal((await other.login(server)).code, 0);
      const revoked = await other.ctl(['revoke', 'others']);
      assert.equal(revoked.code, 0, revoked.log);
      await device.ctl(['sync'], { env: at(point) });
      await device.ctl(['sync']);
      assert.deepEqual(device.filesWith('planted marker'), []);
    } finally {
      other.remove();
    }
  });

test('every failpoint was visited', () => {
  const visited = new Set(readFileSync(log, 'utf8').split('\n'));
  assert.deepEqual([...namedPoints()].filter((name) => !visited.has(name)), []);
});

test('a full disk at the client loses nothing that was acknowledged', async () => {
  for (const limit of [64, 128, 200, 300, 400]) {
    await begin();
    const made = await work({ limit });
    await device.ctl(['sync'], { limit, seconds: 5 });
    await check(made, `at most ${limit} KiB a file`);
  }
});

test('a full disk at the server loses nothing and answers nothing it did not store', async () => {
  await begin();
  const made = await work();
  await server.stop();
  const size = Math.ceil(statSync(join(server.data, 'deskbell.db')).size / 1024);
  await server.serve({ limit: size + 40 });
  await device.ctl(['sync'], { seconds: 6 });
  await server.kill();
  await server.serve();
  await check(made, 'server disk');
});

test('a torn cache is built anew, and the words stay', async () => {
  for (const tear of [(path, size) => truncateSync(path, size - 5000), (path, size) => {
    const descriptor = openSync(path, 'r+');
    writeSync(descriptor, Buffer.alloc(4096), 0, 4096, Math.floor(size / 8192) * 4096);
    closeSync(descriptor);
  }, (path) => writeFileSync(path, 'no database')]) {
    await begin();
    const made = await work();
    await device.ctl(['note', '1', 'never stored', '--offline'], { env: at('cache.commit.before') }); // no clean end
    const cache = readdirSync(device.profile, { recursive: true }).find((name) => name.endsWith('cache.db'));
    const path = join(device.profile, cache);
    tear(path, statSync(path).size);
    await check(made, 'torn');
  }
});

test('an older home directory is put back: its device becomes another one', async () => {
  await begin();
  const home = join(folder, 'older-home');
  const early = await work(); // in both lives, sent in the first
  device.save(home);
  assert.equal((await device.ctl(['note', '2', 'of the first life'])).code, 0);
  device.load(home);
  const late = await work();
  let synced = await device.ctl(['sync']);
  if (synced.code !== 0) {
    assert.equal((await device.login(server)).code, 0);
    synced = await device.ctl(['sync']);
  }
  assert.equal(synced.code, 0, synced.log);
  await check([...early, ...late, { text: 'of the first life', number: '2', acknowledged: true }], 'restored home');
});
