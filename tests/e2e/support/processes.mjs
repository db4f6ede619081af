// Starts real programs, waits for what they print, ends them by pid.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const running = new Set();

/// Starts a program; its output is kept, and shown when `E2E_VERBOSE` is set.
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options });
  running.add(child);
  child.lines = [];
  child.log = '';
  child.waiters = [];
  child.on('error', (error) => { child.log += String(error); });
  child.stdin?.on('error', () => {}); // ended before it read what it was given
  child.on('exit', () => {
    running.delete(child);
    for (const waiter of child.waiters.splice(0)) waiter.fail(new Error(`${command} ended: ${child.log.slice(-2000)}`));
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      child.log += line + '\n';
      if (process.env.E2E_VERBOSE) console.error(`[${command.split('/').pop()}] ${line}`);
      if (stream !== child.stdout) return;
      child.lines.push(line);
      child.waiters = child.waiters.filter((waiter) => !waiter.take(line));
    });
  }
  return child;
}

/// The first line of standard output, now or later, that `matches`.
export function lineOf(child, matches, seconds = 30) {
  const known = child.lines.find(matches);
  if (known !== undefined) return Promise.resolve(known);
  if (child.exitCode !== null) return Promise.reject(new Error(`ended already: ${child.log.slice(-2000)}`));
  return new Promise((resolve, fail) => {
    const timer = setTimeout(() => fail(new Error(`no such line in ${seconds} s:\n${child.log.slice(-2000)}`)), seconds * 1000);
    const done = (act, value) => { clearTimeout(timer); act(value); };
    child.waiters.push({
      take: (line) => { if (!matches(line)) return false; done(resolve, line); return true; },
      fail: (error) => done(fail, error),
    });
  });
}

/// Ends a program and waits until it is gone; SIGKILL when it does not listen within 10 s.
export async function stop(child, signal = 'SIGTERM') {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  const hard = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(hard);
}

/// Runs a program to its end; its output, or an error with it.
export async function run(command, args, { input = '', ...options } = {}) {
  const child = start(command, args, options);
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} → ${code}\n${child.log}`);
  return child.lines.join('\n');
}

export async function stopAll() {
  await Promise.all([...running].map((child) => stop(child)));
}

/// Asks again until `check` gives something true, or throws what it last said.
export async function eventually(check, seconds = 20, what = 'it') {
  const end = Date.now() + seconds * 1000;
  let last;
  for (;;) {
    try {
      const value = await check();
      if (value) return value;
      last = new Error(`${what} did not happen in ${seconds} s`);
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw last;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
