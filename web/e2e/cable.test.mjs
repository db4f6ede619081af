// Realtime for contacts of the customers' API, as programs built for it listen: with the vendor's own client.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { adapters, createConsumer } from '@rails/actioncable';
import WebSocket from 'ws';
import { Server } from '../../tests/e2e/support/server.mjs';

// What the client looks for in a browser.
globalThis.addEventListener ??= () => {};
globalThis.removeEventListener ??= () => {};
globalThis.document ??= { visibilityState: 'visible' };
adapters.WebSocket = WebSocket;

let server, inbox, contact, conversation;

async function call(method, path, body) {
    const answer = await fetch(`${server.url}/public/api/v1/inboxes/${inbox.inbox_identifier}${path}`, {
        method,
        headers: body instanceof FormData ? {} : { 'content-type': 'application/json' },
        body: body instanceof FormData ? body : body && JSON.stringify(body),
    });
    assert.equal(answer.status, 200, `${method} ${path}: ${await answer.clone().text()}`);
    return answer.headers.get('content-type')?.includes('json') ? answer.json() : null;
}

/** A subscription that remembers what it was told. */
function listen(token) {
    const consumer = createConsumer(`ws://127.0.0.1:${server.port}/cable`);
    const heard = { events: [], connected: 0, disconnected: 0, rejected: 0 };
    const subscription = consumer.subscriptions.create({ channel: 'RoomChannel', pubsub_token: token }, {
        connected: () => heard.connected++,
        disconnected: () => heard.disconnected++,
        rejected: () => heard.rejected++,
        received: (message) => heard.events.push(message),
    });
    return { consumer, heard, subscription };
}

async function until(what, condition, seconds = 30) {
    for (let i = 0; i < seconds * 20; i++) {
        const found = await condition();
        if (found) return found;
        await new Promise((r) => setTimeout(r, 50));
    }
    assert.fail(`did not happen: ${what}`);
}

const event = (heard, name, test = () => true) => heard.events.find((e) => e.event === name && test(e.data));

before(async () => {
    server = await Server.withAccount();
    inbox = await server.api('POST', '/inboxes', { name: 'App', channel: { type: 'api' } });
    contact = await call('POST', '/contacts', { name: 'Alice' });
    const begun = await call('POST', `/contacts/${contact.source_id}/conversations`, {});
    conversation = { id: begun.id, path: `/contacts/${contact.source_id}/conversations/${begun.id}` };
});
after(() => server?.remove());

test('the client of such programs hears both sides, typing and the status', async () => {
    const { consumer, heard, subscription } = listen(contact.pubsub_token);
    await until('confirmed', () => heard.connected === 1);
    subscription.perform('update_presence');
    await until('presence', () => event(heard, 'presence.update'));

    await server.api('POST', `/conversations/${conversation.id}/messages`, { content: 'From an agent' });
    const reply = await until('a reply', () => event(heard, 'message.created', (m) => m.content === 'From an agent'));
    assert.equal(reply.data.message_type, 1);
    assert.equal(reply.data.conversation_id, conversation.id);
    assert.equal(reply.data.account_id, server.account_id);

    const form = new FormData();
    form.set('content', 'With a file');
    form.set('echo_id', 'e-1');
    form.append('attachments[]', new Blob(['words'], { type: 'text/plain' }), 'a.txt');
    const sent = await call('POST', `${conversation.path}/messages`, form);
    const own = await until('the own message', () => event(heard, 'message.created', (m) => m.id === sent.id));
    assert.equal(own.data.echo_id, 'e-1');
    const file = await fetch(own.data.attachments[0].data_url);
    assert.equal(await file.text(), 'words');

    await server.api('POST', `/conversations/${conversation.id}/toggle_typing_status`, { typing_status: 'on' });
    await until('typing', () => event(heard, 'conversation.typing_on', (d) => d.conversation.id === conversation.id));
    await server.api('POST', `/conversations/${conversation.id}/messages`, { content: 'a note', private: true });
    await server.api('POST', `/conversations/${conversation.id}/toggle_status`, { status: 'resolved' });
    await until('resolved', () => event(heard, 'conversation.status_changed', (c) => c.status === 'resolved'));
    assert.ok(!JSON.stringify(heard.events).includes('a note'));
    assert.ok(!JSON.stringify(heard.events).includes(server.email));
    consumer.disconnect();
});

test('a token that is none is rejected', async () => {
    const { consumer, heard } = listen(contact.pubsub_token.replace(/.$/, (c) => (c === '0' ? '1' : '0')));
    await until('rejected', () => heard.rejected === 1);
    assert.equal(heard.connected, 0);
    consumer.disconnect();
});

test('the client comes back when the server was restarted or killed, and hears again', async () => {
    const { consumer, heard } = listen(contact.pubsub_token);
    await until('confirmed', () => heard.connected === 1);
    for (const [round, end] of [[2, () => server.stop()], [3, () => server.kill()]]) {
        await end();
        await until('noticed', () => heard.disconnected === round - 1);
        await server.serve();
        await until('confirmed again', () => heard.connected === round, 60);
        const content = `after restart ${round}`;
        await server.api('POST', `/conversations/${conversation.id}/messages`, { content });
        await until('heard again', () => event(heard, 'message.created', (m) => m.content === content));
    }
    consumer.disconnect();
});

test('it stays connected over more than the client’s patience', async () => {
    const { consumer, heard } = listen(contact.pubsub_token);
    await until('confirmed', () => heard.connected === 1);
    await new Promise((r) => setTimeout(r, 13_000)); // the client gives up after 6 s without a ping
    assert.deepEqual([heard.connected, heard.disconnected], [1, 0]);
    consumer.disconnect();
});

test('the token is in no log', async () => {
    assert.ok(server.process.log.includes('listening on'));
    assert.ok(!server.process.log.includes(contact.pubsub_token));
});
