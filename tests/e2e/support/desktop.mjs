// The real desktop app in a real window: Xvfb, a window manager, the accessibility bus, and keys by xdotool.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually, lineOf, run, start, stop } from './processes.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const bin = process.env.DESKBELL_BIN ?? 'build/bin';
const shots = join(process.env.DESKBELL_BUILD ?? 'build', 'screenshots');

/// A screen with nothing on it but a window manager. Needs a D-Bus session around the test (dbus-run-session).
export class Screen {
  static async open(width = 1600, height = 1000) {
    const screen = new Screen();
    screen.server = start('Xvfb', ['-displayfd', '1', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp']);
    screen.display = ':' + await lineOf(screen.server, (line) => /^\d+$/.test(line));
    screen.env = {
      ...process.env, DISPLAY: screen.display, QT_QPA_PLATFORM: 'xcb', QT_LINUX_ACCESSIBILITY_ALWAYS_ON: '1', LANG: 'C.UTF-8',
    };
    // Folders of its own, apart from the machine's.
    screen.home = mkdtempSync(join(tmpdir(), 'deskbell-home-'));
    const folders = { XDG_DATA_HOME: 'data', XDG_CONFIG_HOME: 'config', XDG_CACHE_HOME: 'cache', XDG_RUNTIME_DIR: 'run' };
    for (const [name, folder] of Object.entries(folders)) {
      screen.env[name] = join(screen.home, folder);
      mkdirSync(screen.env[name], { mode: 0o700 });
    }
    // A keychain that is open, as after a person signed in.
    screen.keychain = start('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], { env: screen.env });
    screen.keychain.stdin.end('open\n');
    screen.bus = start('/usr/libexec/at-spi-bus-launcher', ['--launch-immediately'], { env: screen.env });
    screen.manager = start('openbox', [], { env: screen.env });
    return screen;
  }

  async close() {
    for (const part of [this.manager, this.bus, this.keychain, this.server]) await stop(part);
    rmSync(this.home, { recursive: true, force: true });
  }

  async keys(...names) { await run('xdotool', ['key', '--clearmodifiers', ...names], { env: this.env }); }
  async type(text) { await run('xdotool', ['type', '--clearmodifiers', '--delay', '8', text], { env: this.env }); }

  async shot(name) {
    mkdirSync(shots, { recursive: true });
    await run('import', ['-window', 'root', join(shots, `${name}.png`)], { env: this.env });
  }
}

export class Desktop {
  constructor(screen, { profile, args = [] } = {}) {
    this.screen = screen;
    this.ownProfile = !profile;
    this.profile = profile ?? mkdtempSync(join(tmpdir(), 'deskbell-profile-'));
    this.args = args;
  }

  async open() {
    this.process = start(join(bin, 'deskbell'), ['--profile', this.profile, ...this.args], { env: this.screen.env });
    this.eyes = start('/usr/bin/python3', ['-W', 'ignore', join(here, '..', 'desktop.py'), 'deskbell'], { env: this.screen.env });
    this.answers = [];
    this.eyes.stdout.setEncoding('utf8');
    await eventually(async () => (await this.ask({ do: 'names' })).names.length > 0, 30, 'the window');
  }

  async ask(command) {
    const at = this.eyes.lines.length;
    this.eyes.stdin.write(JSON.stringify(command) + '\n');
    return JSON.parse(await eventually(() => this.eyes.lines[at], (command.seconds ?? 20) + 10, `an answer to ${command.do}`));
  }

  /// Until something with this accessible name is on screen.
  async see(name, { role, seconds = 20 } = {}) {
    const answer = await this.ask({ do: 'wait', name, role, seconds });
    if (answer.error) throw new Error(`${answer.error}\non screen: ${(answer.names ?? []).join(' | ')}`);
    return answer.found;
  }

  async names(role) { return (await this.ask({ do: 'names', role })).names; }

  async focus(name, role) {
    await eventually(async () => (await this.ask({ do: 'focus', name, role })).ok, 10, `focus on ${name}`);
  }

  async press(name, role) {
    await eventually(async () => !(await this.ask({ do: 'press', name, role })).error, 10, `button ${name}`);
  }

  async fill(name, text) {
    await this.focus(name, 'text');
    await this.screen.keys('ctrl+a');
    await this.screen.type(text);
  }

  async close(signal) {
    await stop(this.eyes);
    await stop(this.process, signal);
    if (this.ownProfile && signal === undefined) rmSync(this.profile, { recursive: true, force: true });
  }
}
