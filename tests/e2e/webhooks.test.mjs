// Webhooks between real programs: the server, and receivers that check signatures with a library of their own, hang,
// fail, ask for patience, send elsewhere, and are there again when the server was killed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, stopAll } from './support/processes.mjs';
import { Receiver, isSigned } from './support/receiver.mjs';
import { Server } from './support/server.mjs';

const flags = ['--outgoing.allowed_networks', '127.0.0.1', '--webhooks.timeout_seconds', '1'];
const receivers = [];
let server;
let app;

async function receiver() {
  const fresh = await Receiver.open();
  receivers.push(fresh);
  return fresh;
}

const hook = (url, subscriptions, more = {}) => server.api('POST', '/webhooks', { url, subscriptions, ...more });
const deliveries = async (path) => (await server.api('GET', `${path}/deliveries?limit=100`)).payload;

async function conversation(inbox, name) {
  const contact = await server.api('POST', '/contacts', { name, inbox_id: inbox });
  const made = await server.api('POST', '/conversations', { contact_id: contact.id ?? contact.payload[0].id, inbox_id: inbox });
  return made.id;
}

const say = (number, content, more = {}) => server.api('POST', `/conversations/${number}/messages`, { content, ...more });

before(async () => {
  server = await Server.withAccount({ password: 'somebody is told of it', flags });
  app = await server.api('POST', '/inboxes', { name: 'App', channel: { type: 'api' } });
});

after(async () => {
  await stopAll();
  await server?.remove();
  for (const one of receivers) one.close();
});

test('events arrive signed, in the shapes of the published interface', async () => {
  const there = await receiver();
  const made = await hook(there.url, ['contact_created', 'contact_updated', 'conversation_created', 'conversation_updated',
    'conversation_status_changed', 'message_created', 'conversation_typing_on']);
  const number = await conversation(app.id, 'Zoë 🙂');
  await say(number, 'Hëllo');
  await say(number, 'for us', { private: true });
  await server.api('POST', `/conversations/${number}/toggle_typing_status`, { typing_status: 'on' });
  await server.api('POST', `/conversations/${number}/toggle_status`, { status: 'resolved' });

  const [contact] = await there.await('contact_created');
  assert.equal(contact.json.name, 'Zoë 🙂');
  assert.equal(contact.json.account.id, 1);
  const [begun] = await there.await('conversation_created');
  assert.equal(begun.json.id, number);
  assert.equal(begun.json.meta.sender.name, 'Zoë 🙂');
  assert.equal(begun.json.contact_inbox.inbox_id, app.id);
  const [reply, note] = await there.await('message_created', 2);
  assert.equal(reply.json.content, 'Hëllo');
  assert.equal(reply.json.message_type, 'outgoing');
  assert.deepEqual([reply.json.private, note.json.private], [false, true]);
  assert.equal(reply.json.conversation.id, number);
  assert.deepEqual([reply.json.sender.type, reply.json.inbox.name], ['user', 'App']);
  const [resolved] = await there.await('conversation_status_changed');
  assert.deepEqual(resolved.json.changed_attributes.find((one) => one.status),
    { status: { previous_value: 'open', current_value: 'resolved' } });
  const [typing] = await there.await('conversation_typing_on');
  assert.equal(typing.json.conversation.id, number);
  for (const request of there.requests) {
    assert.ok(isSigned(request, made.secret), request.json.event);
    assert.ok(!isSigned(request, made.secret + 'x'));
    assert.match(request.id, /^[0-9a-f-]{36}$/);
    assert.ok(Math.abs(Date.now() / 1000 - Number(request.headers['x-chatwoot-timestamp'])) < 60);
  }
  assert.equal(new Set(there.requests.map(({ id }) => id)).size, there.requests.length);
  assert.equal(there.of('message_created').some(({ json }) => json.message_type === 'activity'), false);
  await server.api('DELETE', `/webhooks/${made.id}`);
});

test('what fails is tried again under its id, as late as its receiver asks, and kept in order', async () => {
  const there = await receiver();
  there.answer = (request, times) => {
    if (request.json.content === 'one' && times === 1) return 500;
    if (request.json.content === 'two' && times === 1) return { status: 429, headers: { 'Retry-After': '7' } };
    return 200;
  };
  const made = await hook(there.url, ['message_created']);
  const number = await conversation(app.id, 'Ben');
  for (const text of ['one', 'two', 'three']) await say(number, text);
  const got = await there.await('message_created', 5, 60);
  assert.deepEqual(got.map(({ json }) => json.content), ['one', 'one', 'two', 'two', 'three']);
  assert.equal(got[0].id, got[1].id);
  assert.equal(got[2].id, got[3].id);
  assert.ok(got[1].at - got[0].at >= 2400, `after ${got[1].at - got[0].at} ms`);
  assert.ok(got[3].at - got[2].at >= 6900, `after ${got[3].at - got[2].at} ms`);
  const log = await eventually(async () => {
    const list = await deliveries(`/webhooks/${made.id}`);
    return list.every(({ status }) => status === 'delivered') && list;
  }, 10, 'all delivered in the log');
  assert.deepEqual(log.map(({ attempts }) => attempts), [1, 2, 2]);
  await server.api('DELETE', `/webhooks/${made.id}`);
});

test('one that hangs holds up nobody else', async () => {
  const stuck = await receiver();
  const quick = await receiver();
  stuck.answer = () => undefined;
  const made = [await hook(stuck.url, ['message_created']), await hook(quick.url, ['message_created'])];
  const numbers = await Promise.all(['Ana', 'Chidi', 'Dee'].map((name) => conversation(app.id, name)));
  for (let i = 0; i < 10; ++i) for (const number of numbers) await say(number, `${number}/${i}`);
  const got = await quick.await('message_created', 30);
  for (const number of numbers)
    assert.deepEqual(got.filter(({ json }) => json.conversation.id === number).map(({ json }) => json.content),
      Array.from({ length: 10 }, (_, i) => `${number}/${i}`));
  const [tried] = await eventually(async () => {
    const list = await deliveries(`/webhooks/${made[0].id}`);
    return list.filter(({ reason }) => reason === 'timeout').length > 0 && list.filter(({ reason }) => reason);
  }, 15, 'a timeout in the log');
  assert.equal(tried.status, 'retrying');
  assert.ok(stuck.requests.length <= 12, `${stuck.requests.length} tries at once`);
  for (const { id } of made) await server.api('DELETE', `/webhooks/${id}`);
});

test('a redirect and a private address lead nowhere', async () => {
  const there = await receiver();
  const secret = await receiver();
  there.answer = () => ({ status: 307, headers: { Location: secret.url } });
  const private4 = await hook('http://10.255.255.1/hook', ['message_created']);
  const mapped = await hook(`http://[::ffff:192.168.1.1]:${secret.port}/hook`, ['message_created']);
  const local6 = await hook(`http://[::1]:${secret.port}/hook`, ['message_created']);
  const odd = await hook(`http://0x7f.2:${secret.port}/hook`, ['message_created']);
  const moved = await hook(there.url, ['message_created']);
  await say(await conversation(app.id, 'Eve'), 'where to?');
  const reasonOf = (made) => eventually(async () => (await deliveries(`/webhooks/${made.id}`))[0]?.reason, 15, made.url);
  for (const made of [private4, mapped, local6, odd]) assert.equal(await reasonOf(made), 'address_forbidden', made.url);
  assert.equal(await reasonOf(moved), 'status_307');
  assert.equal(secret.requests.length, 0);
  for (const { id } of [private4, mapped, local6, odd, moved]) await server.api('DELETE', `/webhooks/${id}`);
});

test('killed between sending and writing it down, it sends again under the same id, and loses nothing', async () => {
  const there = await receiver();
  const made = await hook(there.url, ['message_created']);
  const number = await conversation(app.id, 'Flo');
  let kill;
  const killed = new Promise((resolve) => { kill = resolve; });
  there.answer = (request) => {
    if (request.json.content !== 'b' || killed.done) return 200;
    killed.done = true;
    kill();
    return undefined; // it has it, and the server will never know
  };
  for (const text of ['a', 'b', 'c']) await say(number, text);
  await killed;
  await server.kill();
  await server.serve();
  const got = await there.await('message_created', 4);
  assert.deepEqual(got.map(({ json }) => json.content), ['a', 'b', 'b', 'c']);
  assert.equal(got[1].id, got[2].id);
  assert.equal(got[1].body, got[2].body);
  assert.ok(got.every((request) => isSigned(request, made.secret)));
  await server.api('DELETE', `/webhooks/${made.id}`);
});

test('an address that says it is no more is given up, and can be asked again by hand', async () => {
  const there = await receiver();
  there.answer = () => 410;
  const made = await hook(there.url, ['message_created']);
  await say(await conversation(app.id, 'Gus'), 'for nobody');
  const [failed] = await eventually(async () => {
    const list = await deliveries(`/webhooks/${made.id}`);
    return list[0]?.status === 'failed' && list;
  }, 10, 'given up');
  assert.equal(failed.reason, 'status_410');
  there.answer = () => 200;
  const path = `/webhooks/${made.id}/deliveries/${failed.delivery_id}`;
  await server.api('POST', `${path}/replay`);
  const got = await there.await('message_created', 2);
  assert.equal(got[1].id, got[0].id);
  const shown = await eventually(async () => {
    const one = await server.api('GET', path);
    return one.status === 'delivered' && one;
  }, 10, 'delivered');
  assert.equal(shown.payload, got[0].body);
  await server.api('DELETE', `/webhooks/${made.id}`);
});

test('the program of an inbox gets what agents write, and its failure is the message\'s', async () => {
  const there = await receiver();
  const own = await server.api('POST', '/inboxes', { name: 'Own', channel: { type: 'api', webhook_url: there.url } });
  const number = await conversation(own.id, 'Hal');
  const ok = await say(number, 'fine');
  const [got] = await there.await('message_created');
  assert.ok(isSigned(got, own.secret));
  assert.equal(got.json.content, 'fine');
  assert.equal(got.json.id, ok.id);
  there.answer = () => 410;
  const lost = await say(number, 'lost');
  const found = await eventually(async () => {
    const { payload } = await server.api('GET', `/conversations/${number}/messages`);
    const one = payload.find(({ id }) => id === lost.id);
    return one?.status === 'failed' && one;
  }, 15, 'the message as failed');
  assert.equal(found.content_attributes.external_error, 'webhook_status_410');
  assert.equal((await deliveries(`/inboxes/${own.id}`)).some(({ status }) => status === 'failed'), true);
});
