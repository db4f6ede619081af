// One profile of the command-line client.
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from './processes.mjs';

const bin = process.env.DESKBELL_BIN ?? 'build/bin';

export class Device {
  constructor() {
    this.profile = mkdtempSync(join(tmpdir(), 'deskbell-device-'));
  }

  /// Runs a command: exit code (null when it was killed), what it printed as JSON, everything it said. `limit`: KiB that a
  /// file may have, as a full disk would have it.
  async ctl(args, { input = '', env = {}, limit, seconds = 60 } = {}) {
    const program = join(bin, 'deskbellctl');
    const all = [...args, '--profile', this.profile, '--no-keychain', '--json', '--timeout', String(seconds)];
    const [command, given] = limit === undefined ? [program, all]
      : ['bash', ['-c', `trap '' XFSZ; ulimit -f ${limit}; exec "$0" "$@"`, program, ...all]];
    const child = start(command, given, { env: { ...process.env, ...env } });
    child.stdin.end(input);
    const [code, signal] = await once(child, 'close');
    const line = child.lines.findLast((text) => /^[[{]/.test(text));
    return { code, signal, json: line ? JSON.parse(line) : undefined, log: child.log };
  }

  login(server) {
    return this.ctl(['login', '--server', server.url, '--email', server.email], { input: server.password + '\n' });
  }

  /// Copies everything to or from another folder.
  save(folder) { cpSync(this.profile, folder, { recursive: true }); }
  load(folder) {
    rmSync(this.profile, { recursive: true, force: true });
    cpSync(folder, this.profile, { recursive: true });
  }

  /// Files in which these bytes stand.
  filesWith(text) {
    return readdirSync(this.profile, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
      .filter((file) => readFileSync(file).includes(text));
  }

  remove() { rmSync(this.profile, { recursive: true, force: true }); }
}
