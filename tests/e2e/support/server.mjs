// A real deskbelld on a data directory of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lineOf, run, start, stop } from './processes.mjs';

const bin = process.env.DESKBELL_BIN ?? 'build/bin';

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

export class Server {
  constructor() {
    this.data = mkdtempSync(join(tmpdir(), 'deskbell-e2e-'));
  }

  /// Makes the account, then serves. The port stays the same over restarts.
  static async withAccount({ email = 'sara@example.com', password = 'correct horse battery', flags = [] } = {}) {
    const server = new Server();
    server.email = email;
    server.flags = flags;
    server.password = password;
    const made = await run(join(bin, 'deskbelld'),
      ['init', '--data', server.data, '--account', 'Acme', '--name', 'Sara Lind', '--email', email], { input: password + '\n' });
    Object.assign(server, JSON.parse(made.split('\n').find((line) => line.startsWith('{'))));
    server.port = await freePort();
    await server.serve();
    await server.api('PATCH', '', { undo_send_s: 0 }); // what is sent is there
    return server;
  }

  get url() { return `http://127.0.0.1:${this.port}`; }

  /// `env` on top of ours; `limit`: KiB that a file may have, as a full disk would have it.
  async serve({ env = {}, limit } = {}) {
    const program = join(bin, 'deskbelld');
    const args = ['serve', '--data', this.data, '--listen', `127.0.0.1:${this.port}`, '--drain', '0', ...this.flags ?? []];
    const [command, given] = limit === undefined ? [program, args]
      : ['bash', ['-c', `trap '' XFSZ; ulimit -f ${limit}; exec "$0" "$@"`, program, ...args]];
    this.process = start(command, given, { env: { ...process.env, ...env } });
    await lineOf(this.process, (line) => line.startsWith('listening on '));
  }

  /// As a power cut would end it.
  kill() { return stop(this.process, 'SIGKILL'); }
  stop() { return stop(this.process); }

  async api(method, path, body) {
    const answer = await fetch(`${this.url}/api/v1/accounts/${this.account_id}${path}`, {
      method,
      headers: { api_access_token: this.access_token, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} → ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  /// A website inbox, with everything a page needs to embed it.
  async websiteInbox(name = 'Website') {
    return this.api('POST', '/inboxes', {
      name,
      channel: { type: 'web_widget', website_url: 'https://shop.example', welcome_title: 'Hi there', widget_color: '#5157E6' },
    });
  }

  async remove() {
    await this.stop();
    rmSync(this.data, { recursive: true, force: true });
  }
}
