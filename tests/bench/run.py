#!/usr/bin/env python3
"""Measures the whole server and the app beside their building blocks, interleaved in one run, and prints ratios.

usage: run.py --bin build/bin [server|idle|sync|cache|app]... [--rounds N] [--seconds S] [--json FILE]
"""
import argparse
import json
import os
import pathlib
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time

TICKS = os.sysconf('SC_CLK_TCK')
PASSWORD = 'bench bench bench'


def cpu_seconds(pid):
    fields = pathlib.Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def run_seconds(pid):
    """The same of the threads alive, to the nanosecond: a start is shorter than a few ticks."""
    return sum(int(path.read_text().split()[0]) for path in pathlib.Path(f'/proc/{pid}/task').glob('*/schedstat')) / 1e9


def memory_mb(pid):
    found = {}
    for line in pathlib.Path(f'/proc/{pid}/smaps_rollup').read_text().splitlines():
        name, *rest = line.split()
        if name in ('Rss:', 'Pss:'):
            found[name[:-1]] = int(rest[0]) / 1024
    return found


class Server:
    def __init__(self, bin_dir, conversations=200, messages_each=5):
        self.bin, self.folder = bin_dir, tempfile.TemporaryDirectory(prefix='deskbell-bench-')
        data = self.folder.name + '/data'
        made = subprocess.run([f'{bin_dir}/deskbelld', 'init', '--data', data, '--account', 'Bench', '--name', 'Bench',
                               '--email', 'bench@example.com'], input=PASSWORD + '\n', capture_output=True, text=True, check=True)
        self.ids = json.loads(next(line for line in made.stdout.splitlines() if line.startswith('{')))
        if conversations:
            subprocess.run([f'{bin_dir}/deskbelld', 'seed', '--data', data, '--conversations', str(conversations),
                            '--messages', str(conversations * messages_each), '--seed', '1'], check=True, capture_output=True)
        config = self.folder.name + '/config.toml'
        pathlib.Path(config).write_text('trusted_proxies = ["127.0.0.1/32"]\n')
        self.process = subprocess.Popen([f'{bin_dir}/deskbelld', 'serve', '--data', data, '--listen', '127.0.0.1:0', '--config', config],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.process.stdout:
            if line.startswith('listening on '):
                self.url = line.split()[-1].strip()
                break
        else:
            sys.exit('the server did not start')

    def api(self, method, path, body=None):
        import urllib.request
        request = urllib.request.Request(f"{self.url}/api/v1/accounts/{self.ids['account_id']}{path}", method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={'api_access_token': self.ids['access_token'], 'Content-Type': 'application/json'})
        return json.load(urllib.request.urlopen(request))

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        self.folder.cleanup()


def spread(values, digits=1):
    """Median, least and most."""
    return f'{statistics.median(values):,.{digits}f} ({min(values):,.{digits}f}–{max(values):,.{digits}f})'


def print_table(title, rows, head):
    print(f'\n{title}\n')
    rows = [head] + rows
    widths = [max(len(str(row[i])) for row in rows) for i in range(len(head))]
    for at, row in enumerate(rows):
        print('| ' + ' | '.join(str(cell).ljust(width) for cell, width in zip(row, widths)) + ' |')
        if at == 0:
            print('|' + '|'.join('-' * (width + 2) for width in widths) + '|')


def bench_server(options):
    """Messages through the whole server (socket in, journal, commit, socket out) against bare grouped SQLite appends."""
    raw, whole = [], []
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory(prefix='deskbell-bench-') as folder:
            raw.append(json.loads(subprocess.run([f'{options.bin}/bench_sqlite_append', folder + '/raw.db', '32', str(options.seconds)],
                                                 capture_output=True, text=True, check=True).stdout))
        server = Server(options.bin)
        try:
            before = cpu_seconds(server.process.pid)
            done = subprocess.run([f'{options.bin}/bench_load', 'write', '--url', server.url, '--account', str(server.ids['account_id']),
                                   '--token', server.ids['access_token'], '--email', 'bench@example.com', '--password-env', 'BENCH_PASSWORD',
                                   '--agents', '8', '--in-flight', '4', '--seconds', str(options.seconds)],
                                  env={**os.environ, 'BENCH_PASSWORD': PASSWORD}, capture_output=True, text=True)
            if done.returncode != 0:
                sys.exit(done.stderr)
            result = json.loads(done.stdout.splitlines()[-1])
            # Sign-ins hash nine passwords; what one costs is taken off by measuring it.
            result['cpu_us'] = (cpu_seconds(server.process.pid) - before - 9 * options.sign_in_cpu) * 1e6 / max(1, result['accepted'])
            whole.append(result)
        finally:
            server.stop()

    def column(list_, key):
        return [entry[key] for entry in list_]

    ratio = statistics.median(column(whole, 'per_s')) / statistics.median(column(raw, 'per_s'))
    cpu = statistics.median(column(whole, 'cpu_us')) / statistics.median(column(raw, 'cpu_us'))
    lost = sum(entry['accepted'] - entry['delivered'] for entry in whole)
    print_table('Messages, 32 on their way, durable (median, spread)', [
        ['bare SQLite, group commit', spread(column(raw, 'per_s')), spread(column(raw, 'cpu_us')), spread(column(raw, 'p50_ms')), spread(column(raw, 'p99_ms'))],
        ['whole server, 8 agents + 1 listener', spread(column(whole, 'per_s')), spread(column(whole, 'cpu_us')), spread(column(whole, 'p50_ms')), spread(column(whole, 'p99_ms'))],
        ['ratio', f'{ratio:.2f} ×', f'{cpu:.2f} ×', '', ''],
    ], ['what', 'messages/s', 'CPU µs/message', 'p50 ms', 'p99 ms'])
    print(f"accepted {sum(column(whole, 'accepted'))}, refused {sum(column(whole, 'refused'))}, not delivered to the listener {lost}")
    return {'messages_ratio': ratio, 'cpu_ratio': cpu, 'raw': raw, 'whole': whole}


def bench_idle(options):
    """What a server costs that does nothing, and what each waiting visitor adds."""
    server = Server(options.bin, conversations=0)
    try:
        inbox = server.api('POST', '/inboxes', {'name': 'Site', 'channel': {'type': 'web_widget', 'website_url': 'https://example.com'}})
        time.sleep(1)
        idle = memory_mb(server.process.pid)
        load = subprocess.Popen([f'{options.bin}/bench_load', 'idle', '--url', server.url, '--site', inbox['website_token'],
                                 '--connections', str(options.connections)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if load.stdout.readline().strip() != 'open':
            sys.exit('the idle load failed')
        time.sleep(2)
        before = cpu_seconds(server.process.pid)
        time.sleep(5)
        burnt = cpu_seconds(server.process.pid) - before
        loaded = memory_mb(server.process.pid)
        load.communicate('\n', timeout=60)
        each = (loaded['Rss'] - idle['Rss']) * 1024 / options.connections
        print_table('Idle', [
            ['PSS of an idle server', f"{idle['Pss']:.1f} MB", '≤ 30 MB', f"{idle['Pss'] / 30:.2f} ×"],
            [f'RSS per waiting visitor (of {options.connections})', f'{each:.2f} KiB', '≤ 3 KiB (G1)', f'{each / 3:.2f} ×'],
            ['CPU with them waiting', f'{burnt / 5 * 100:.2f} %', '', ''],
        ], ['what', 'measured', 'goal', 'of the goal'])
        return {'idle_pss_mb': idle['Pss'], 'rss_per_connection_kib': each, 'idle_cpu': burnt / 5}
    finally:
        server.stop()


def first_paint(command, env):
    """Milliseconds and processor time from exec to the line "painted", then memory once it is quiet."""
    begin = time.monotonic()
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        for line in process.stdout:
            if line.startswith('painted'):
                took, burnt = (time.monotonic() - begin) * 1000, run_seconds(process.pid) * 1000
                time.sleep(3)
                busy = cpu_seconds(process.pid)
                time.sleep(3)
                return {'ms': took, 'cpu_ms': burnt, 'idle_cpu': (cpu_seconds(process.pid) - busy) / 3, **memory_mb(process.pid)}
        sys.exit(f'{command[0]} did not paint')
    finally:
        process.terminate()
        process.wait(20)


def bench_app(options):
    """The app with a filled cache and no server in reach, beside an empty Qt window."""
    server = Server(options.bin, conversations=2000)
    profile = tempfile.TemporaryDirectory(prefix='deskbell-bench-')
    env = {**os.environ, 'QT_QPA_PLATFORM': os.environ.get('QT_QPA_PLATFORM', 'offscreen'), 'DESKBELL_TRACE_START': '1'}
    try:
        subprocess.run([f'{options.bin}/deskbellctl', 'login', '--profile', profile.name, '--server', server.url, '--email', 'bench@example.com'],
                       input=PASSWORD + '\n', text=True, check=True, capture_output=True)
        subprocess.run([f'{options.bin}/deskbellctl', 'sync', '--profile', profile.name], check=True, capture_output=True)
    finally:
        server.stop()
    hello, app = [], []
    for _ in range(options.rounds):
        hello.append(first_paint([f'{options.bin}/bench_hello'], env))
        app.append(first_paint([f'{options.bin}/deskbell', '--profile', profile.name], env))
    profile.cleanup()
    rows = []
    for key, unit, goal in (('ms', 'ms to first paint', 600), ('cpu_ms', 'CPU ms to first paint', 450), ('Rss', 'RSS MB', 110), ('Pss', 'PSS MB', 80)):
        floor, ours = [entry[key] for entry in hello], [entry[key] for entry in app]
        rows.append([unit, spread(floor), spread(ours), f'{statistics.median(ours) / statistics.median(floor):.2f} ×', f'≤ {goal}',
                     f'{statistics.median(ours) / goal:.2f} ×'])
    print_table('The app with 2,000 cached conversations, offline', rows, ['what', 'empty Qt window', 'deskbell', 'ratio', 'goal (D1, D3)', 'of the goal'])
    print(f"idle CPU of the app: {statistics.median(entry['idle_cpu'] for entry in app) * 100:.2f} %")
    return {'hello': hello, 'app': app}


class CountingPipe:
    """Passes TCP on and counts what comes down: bytes as a network would carry them, less the packets' heads."""

    def __init__(self, port):
        self.down, self.port = 0, port
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.url = f'http://127.0.0.1:{self.listener.getsockname()[1]}'
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            near, _ = self.listener.accept()
            far = socket.create_connection(('127.0.0.1', self.port))
            threading.Thread(target=self.pump, args=(near, far, False), daemon=True).start()
            threading.Thread(target=self.pump, args=(far, near, True), daemon=True).start()

    def pump(self, source, sink, counts):
        try:
            while data := source.recv(1 << 16):
                self.down += len(data) if counts else 0
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def bare_insert(folder, rows):
    """Seconds that SQLite needs to insert as many message bodies and to index them for search afterwards."""
    base = sqlite3.connect(f'{folder}/bare.db')
    base.executescript('PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;'
                       'CREATE TABLE m(id BLOB PRIMARY KEY, conv BLOB, n INTEGER, body TEXT, row TEXT); CREATE INDEX mc ON m(conv, n);'
                       "CREATE VIRTUAL TABLE f USING fts5(body, content='m', content_rowid='rowid');")
    words = 'order parcel invoice refund thanks address tomorrow delivery return voucher'.split()
    begin = time.monotonic()
    for first in range(0, rows, 500):
        with base:
            base.executemany('INSERT INTO m VALUES(?,?,?,?,?)', (
                (os.urandom(16), (i // 10).to_bytes(16, 'big'), i % 10, ' '.join(words[(i + j) % 10] for j in range(12)), 'x' * 250)
                for i in range(first, min(rows, first + 500))))
    with base:
        base.execute("INSERT INTO f(f) VALUES('rebuild')")
    return time.monotonic() - begin


class Agent:
    """A profile of deskbellctl, without a keychain."""

    def __init__(self, bin_dir, url):
        self.bin, self.folder = bin_dir, tempfile.TemporaryDirectory(prefix='deskbell-bench-')
        self.run('login', '--server', url, '--email', 'bench@example.com', given=PASSWORD + '\n')

    def run(self, *command, given=''):
        """Seconds it took, and what it printed."""
        begin = time.monotonic()
        done = subprocess.run([f'{self.bin}/deskbellctl', *command, '--profile', self.folder.name, '--no-keychain', '--json',
                               '--timeout', '900'], input=given, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f'{command}: {done.stderr}')
        return time.monotonic() - begin, done.stdout

    def file_mb(self):
        return os.path.getsize(self.folder.name + '/cache.db') / 1e6


def bench_sync(options):
    """A whole cache from nothing, 10,000 changes after a pause, and a look that finds nothing new, with deskbellctl."""
    server = Server(options.bin, conversations=options.conversations, messages_each=10)
    messages = options.conversations * 10
    pipe = CountingPipe(int(server.url.rsplit(':', 1)[1]))
    cold, catch, idle, local, bare = [], [], [], [], []
    try:
        agents = [Agent(options.bin, server.url) for _ in range(options.rounds)]
        for agent in agents:
            with tempfile.TemporaryDirectory(prefix='deskbell-bench-') as folder:
                bare.append(bare_insert(folder, messages))
            cold.append(agent.run('sync')[0])
            idle.append(agent.run('sync')[0])
        counted = Agent(options.bin, pipe.url)
        before = pipe.down
        counted.run('sync')
        cold_bytes = pipe.down - before
        first = json.loads(counted.run('list', '--offline', '--status', 'any')[1])[0]['id']
        for i in range(options.rounds * 4):
            local.append(counted.run('note', str(first), f'note {i}', '--offline')[0] * 1000)
        floor = [counted.run('list', '--offline', '--status', 'snoozed')[0] * 1000 for _ in range(options.rounds * 4)]
        counted.run('sync')
        done = subprocess.run([f'{options.bin}/bench_load', 'write', '--url', server.url, '--account', str(server.ids['account_id']),
                               '--token', server.ids['access_token'], '--email', 'bench@example.com', '--password-env', 'BENCH_PASSWORD',
                               '--agents', '4', '--in-flight', '8', '--seconds', str(options.seconds)],
                              env={**os.environ, 'BENCH_PASSWORD': PASSWORD}, capture_output=True, text=True)
        changes = json.loads(done.stdout.splitlines()[-1])['accepted']
        for agent in agents:
            catch.append(agent.run('sync')[0])
        before = pipe.down
        counted.run('sync')
        catch_bytes = pipe.down - before
        for agent in (*agents, counted):
            agent.run('verify')
        size = counted.file_mb()
    finally:
        server.stop()
    per = (statistics.median(catch) - statistics.median(idle)) / changes * 10_000
    scaled = statistics.median(cold) / messages * 1_000_000
    print_table(f'Sync with deskbellctl, {options.conversations:,} conversations, {messages:,} messages (seconds, median and spread)', [
        ['bare SQLite: the bodies with an index for search', spread(bare, 2), '', ''],
        ['from nothing to everything', spread(cold, 2), f'{scaled:.0f} s a million, ≤ 90 (T3)', f'{statistics.median(cold) / statistics.median(bare):.2f} × bare'],
        [f'catching up {changes:,} changes', spread(catch, 2), f'{per:.2f} s for 10,000, ≤ 1.0 (T1)', ''],
        ['nothing new, start of the program included', spread(idle, 2), '', ''],
        ['a note offline, start of the program included, ms', spread(local), '≤ 20 above a mere look (T13)', f'{statistics.median(local) - statistics.median(floor):.1f} above'],
    ], ['what', 'measured', 'goal', 'ratio'])
    print(f'down the wire: {cold_bytes / 1e6:.1f} MB from nothing ({cold_bytes / messages:.0f} B a message), '
          f'{catch_bytes / changes:.0f} B a change (goal 160, T4); cache {size:.0f} MB; every cache verified equal')
    return {'cold_s': cold, 'catch_s': catch, 'changes': changes, 'idle_s': idle, 'bare_s': bare, 'local_ms': local,
            'cold_bytes': cold_bytes, 'catch_bytes': catch_bytes}


def bench_cache(options):
    """The app's cache file alone: inserting, indexing and searching as somebody types, without any network."""
    runs = [json.loads(subprocess.run([f'{options.bin}/bench_cache', str(options.conversations)], capture_output=True, text=True, check=True).stdout)
            for _ in range(options.rounds)]
    messages = runs[0]['messages']
    with tempfile.TemporaryDirectory(prefix='deskbell-bench-') as folder:
        bare = bare_insert(folder, messages)

    def column(name, part=None):
        return [run[name][part] if part else run[name] for run in runs]

    whole = [run['fill_s'] + run['index_s'] for run in runs]
    print_table(f'The cache alone, {messages:,} messages (median, spread)', [
        ['inserting, s', spread(column('fill_s'), 2), ''],
        ['indexing in the background, s', spread(column('index_s'), 2), ''],
        ['both beside bare SQLite', f'{statistics.median(whole) / bare:.2f} ×', ''],
        ['a search, CPU ms, p50', spread(column('search_cpu_ms', 'p50')), '≤ 10 (D13)'],
        ['a search, CPU ms, p95', spread(column('search_cpu_ms', 'p95')), '≤ 60 (D13)'],
        ['a search, wall ms, p95', spread(column('search_wall_ms', 'p95')), '≤ 150 (D13)'],
        ['file, MB', spread(column('file_mb')), ''],
    ], ['what', 'measured', 'goal'])
    return runs


def sign_in_cpu(bin_dir):
    """CPU seconds the server spends on one sign-in: Argon2id, by intent."""
    import urllib.request
    server = Server(bin_dir, conversations=0)
    try:
        before = cpu_seconds(server.process.pid)
        for i in range(4):
            body = json.dumps({'device': f'0198aa00-0000-7000-8000-00000000000{i}', 'name': 'b', 'os': 'l', 'app': 'b',
                               'email': 'bench@example.com', 'password': PASSWORD}).encode()
            urllib.request.urlopen(urllib.request.Request(server.url + '/auth/device', data=body, headers={'Content-Type': 'application/json'}))
        return (cpu_seconds(server.process.pid) - before) / 4
    finally:
        server.stop()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--bin', required=True)
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--seconds', type=float, default=5)
    parser.add_argument('--connections', type=int, default=2000)
    parser.add_argument('--conversations', type=int, default=10000, help='of the sync and cache benches')
    parser.add_argument('--json')
    parser.add_argument('names', nargs='*', default=[])
    options = parser.parse_args()
    benches = {'server': bench_server, 'idle': bench_idle, 'sync': bench_sync, 'cache': bench_cache, 'app': bench_app}
    results = {}
    if 'server' in (options.names or benches):
        options.sign_in_cpu = sign_in_cpu(options.bin)
    for name in options.names or benches:
        results[name] = benches[name](options)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=1))


if __name__ == '__main__':
    main()
