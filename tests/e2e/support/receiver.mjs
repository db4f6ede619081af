// Somebody else's server: takes webhooks, answers as it is told, and keeps what it got.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { eventually } from './processes.mjs';

/// Whether a request was made by who knows the secret, as any receiver would find out.
export function isSigned(request, secret) {
  const wanted = 'sha256=' + createHmac('sha256', secret).update(`${request.headers['x-chatwoot-timestamp']}.${request.body}`).digest('hex');
  const given = request.headers['x-chatwoot-signature'] ?? '';
  return given.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted));
}

export class Receiver {
  static async open(port = 0) {
    const receiver = new Receiver();
    receiver.requests = [];
    receiver.answer = () => 200;
    receiver.http = createServer((request, response) => receiver.take(request, response));
    receiver.http.listen(port, '127.0.0.1');
    await once(receiver.http, 'listening');
    receiver.port = receiver.http.address().port;
    receiver.url = `http://127.0.0.1:${receiver.port}/hook`;
    return receiver;
  }

  async take(request, response) {
    let body = '';
    request.setEncoding('utf8');
    for await (const piece of request) body += piece;
    const got = { at: Date.now(), path: request.url, headers: request.headers, body, json: JSON.parse(body) };
    got.id = got.headers['x-chatwoot-delivery'];
    this.requests.push(got);
    // A number, {status, headers}, or nothing: no answer at all.
    const answer = await this.answer(got, this.requests.filter(({ id }) => id === got.id).length);
    if (answer === undefined) return;
    const { status, headers } = typeof answer === 'number' ? { status: answer } : answer;
    response.writeHead(status, headers ?? {}).end('{}');
  }

  of(event) { return this.requests.filter(({ json }) => json.event === event); }

  /// The next requests of an event, once there are so many.
  async await(event, count = 1, seconds = 20) {
    await eventually(() => this.of(event).length >= count, seconds, `${count} × ${event} at ${this.url}`);
    return this.of(event);
  }

  close() {
    this.http.closeAllConnections();
    this.http.close();
  }
}
