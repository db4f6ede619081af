#!/usr/bin/env python3
"""Measures the whole server and the app beside their building blocks, interleaved in one run, and prints ratios.

usage: run.py --bin build/bin [server|idle|sync|wire|storm|cache|app|screens|online|safety]... [--rounds N] [--seconds S] [--json FILE]
"""
import argparse
import hashlib
import json
import os
import pathlib
import random
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid

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
    def __init__(self, bin_dir, conversations=200, messages_each=5, devices=0):
        self.bin, self.folder = bin_dir, tempfile.TemporaryDirectory(prefix='deskbell-bench-')
        data = self.folder.name + '/data'
        made = subprocess.run([f'{bin_dir}/deskbelld', 'init', '--data', data, '--account', 'Bench', '--name', 'Bench',
                               '--email', 'bench@example.com'], input=PASSWORD + '\n', capture_output=True, text=True, check=True)
        self.ids = json.loads(next(line for line in made.stdout.splitlines() if line.startswith('{')))
        if conversations:
            subprocess.run([f'{bin_dir}/deskbelld', 'seed', '--data', data, '--conversations', str(conversations),
                            '--messages', str(conversations * messages_each), '--seed', '1'], check=True, capture_output=True)
        pathlib.Path(self.folder.name + '/config.toml').write_text('trusted_proxies = ["127.0.0.1/32"]\n[limits]\ndevices_online = 100000\n')
        self.devices = self.plant_devices(devices) if devices else None
        self.url = 'http://127.0.0.1:0'
        self.serve()

    def serve(self):
        self.process = subprocess.Popen([f'{self.bin}/deskbelld', 'serve', '--data', self.folder.name + '/data', '--listen', self.url.split('//')[1],
                                         '--config', self.folder.name + '/config.toml', '--drain', '0'],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.process.stdout:
            if line.startswith('listening on '):
                self.url = line.split()[-1].strip()
                break
        else:
            sys.exit('the server did not start')

    @property
    def port(self):
        return self.url.rsplit(':', 1)[1]

    def plant_devices(self, count):
        """Signed-in devices without the cost of a password for each; a file of "uuid token" lines."""
        names, base, now = [], sqlite3.connect(self.folder.name + '/data/deskbell.db'), int(time.time() * 1000)
        with base:
            account, user, user_uuid = base.execute('SELECT a.id, u.id, u.uuid FROM accounts a, users u ORDER BY u.id LIMIT 1').fetchone()
            for i in range(count):
                device, token = uuid.UUID(int=(0x0198c000 << 96) | (0x7 << 76) | (0x8 << 60) | i), f'bench-token-{i}'
                row = base.execute("INSERT INTO devices(uuid, account_id, user_id, user_uuid, name, os, app, created_at, last_seen_at) VALUES(?,?,?,?,'b','l','b',?,?)",
                                   (device.bytes, account, user, user_uuid, now, now)).lastrowid
                base.execute('INSERT INTO device_access VALUES(?,?,?)', (hashlib.sha256(token.encode()).digest(), row, now + 24 * 3600 * 1000))
                names.append(f'{device} {token}')
        base.close()
        path = self.folder.name + '/devices'
        pathlib.Path(path).write_text('\n'.join(names) + '\n')
        return path

    def api(self, method, path, body=None):
        import urllib.request
        request = urllib.request.Request(f"{self.url}/api/v1/accounts/{self.ids['account_id']}{path}", method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={'api_access_token': self.ids['access_token'], 'Content-Type': 'application/json'})
        answer = urllib.request.urlopen(request).read()
        return json.loads(answer) if answer else None

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
    """The app's cache file alone, encrypted and plain in turns: filling, opening, searching as somebody types, without any network."""
    runs = [json.loads(subprocess.run([f'{options.bin}/bench_cache', str(options.conversations), '500', str(i)],
                                      capture_output=True, text=True, check=True).stdout) for i in range(options.rounds)]
    messages = runs[0]['messages']
    with tempfile.TemporaryDirectory(prefix='deskbell-bench-') as folder:
        bare = bare_insert(folder, messages)

    def column(side, name, part=None):
        return [run[side][name][part] if part else run[side][name] for run in runs]

    def row(what, name, part=None, digits=1, goal=''):
        mine, plain = column('encrypted', name, part), column('plain', name, part)
        ratio = statistics.median(a / b for a, b in zip(mine, plain))
        return [what, spread(mine, digits), spread(plain, digits), f'{ratio:.2f} ×', goal]

    whole = [run['encrypted']['fill_s'] + run['encrypted']['index_s'] for run in runs]
    print_table(f'The cache alone, {messages:,} messages (median, spread)', [
        row('inserting, s', 'fill_s', digits=2),
        row('indexing in the background, s', 'index_s', digits=2),
        ['both beside bare SQLite', f'{statistics.median(whole) / bare:.2f} ×', '', '', ''],
        row('opening the files, CPU ms, p50', 'open_cpu_ms', 'p50', 2, '≤ 1.15 ×'),
        row('first rows read, CPU ms, p50', 'first_rows_cpu_ms', 'p50', 2, '≤ 1.15 ×'),
        row('a search, CPU ms, p50', 'search_cpu_ms', 'p50', 2, '≤ 10 (D13), ≤ 1.15 ×'),
        row('a search, CPU ms, p95', 'search_cpu_ms', 'p95', 2, '≤ 60 (D13), ≤ 1.15 ×'),
        row('a search, wall ms, p95', 'search_wall_ms', 'p95', 2, '≤ 150 (D13)'),
        row('file, MB', 'file_mb'),
    ], ['what', 'encrypted', 'plain', 'ratio', 'goal'])
    return runs


def last_json(text):
    return json.loads([line for line in text.splitlines() if line.startswith('{')][-1])


def some_conversation(server):
    return server.api('GET', '/conversations?status=all')['data']['payload'][0]['uuid']


def bench_wire(options):
    """Bytes of live frames, a message from one program to another, coming back after a short time offline."""
    server = Server(options.bin, conversations=200, devices=5)
    try:
        conversation = some_conversation(server)
        contact = server.api('GET', '/contacts')['payload'][0]['id']
        frames = subprocess.Popen([f'{options.bin}/bench_wire', 'frames', server.port, server.devices, str(max(6, options.seconds)), conversation],
                                  stdout=subprocess.PIPE, text=True)
        frames.stdout.readline()
        for i in range(40):  # changes of one row, between the messages
            server.api('PUT', f'/contacts/{contact}', {'name': f'Marta Ortiz {i}'})
            time.sleep(.13)
        sizes = last_json(frames.communicate(timeout=120)[0])
        resume = last_json(subprocess.run([f'{options.bin}/bench_wire', 'resume', server.port, server.devices, str(20 * options.rounds), conversation,
                                           str(server.process.pid)], capture_output=True, text=True, check=True).stdout)
        writes = {}
        for name, agents, flight in (('quiet', 4, 1), ('single', 1, 1), ('grouped', 8, 4)):
            done = subprocess.run([f'{options.bin}/bench_load', 'write', '--url', server.url, '--account', str(server.ids['account_id']),
                                   '--token', server.ids['access_token'], '--email', 'bench@example.com', '--password-env', 'BENCH_PASSWORD',
                                   '--agents', str(agents), '--in-flight', str(flight), '--seconds', str(options.seconds)],
                                  env={**os.environ, 'BENCH_PASSWORD': PASSWORD}, capture_output=True, text=True, check=True)
            writes[name] = last_json(done.stdout)
        bare = {}
        for name, callers in (('single', 1), ('grouped', 32)):
            with tempfile.TemporaryDirectory(prefix='deskbell-bench-') as folder:
                bare[name] = json.loads(subprocess.run([f'{options.bin}/bench_sqlite_append', folder + '/raw.db', str(callers), str(options.seconds)],
                                                       capture_output=True, text=True, check=True).stdout)
    finally:
        server.stop()
    rows = []
    for count, of in sorted(sizes.items()):
        rows.append([f'live frame of {count} change{"" if count == "1" else "s"}, B (p50, p95)', f"{of['wire']['p50']:.0f}, {of['wire']['p95']:.0f}",
                     '≤ 220 (T5)' if count == '1' else '', f"raw {of['raw']['p50']:.0f} · zlib {of['zlib']['p50']:.0f} · zstd {of['zstd']['p50']:.0f}"])
    rows += [
        ['back after 5 messages: bytes down, up', f"{resume['bytes_in']['p50']:.0f}, {resume['bytes_out']['p50']:.0f}", '≤ 3,072 together (T10)', ''],
        ['the same: server CPU ms (p50, p95)', f"{resume['cpu_ms']['p50']:.2f}, {resume['cpu_ms']['p95']:.2f}", '≤ 5 (T10)', ''],
        ['the same: ms until caught up, one turn after the upgrade', f"{resume['wall_ms']['p50']:.1f}, {resume['wall_ms']['p95']:.1f}", '', f"{resume['resets']} resets"],
        ['written until another program has it, ms (p50, p99), 4 on their way', f"{writes['quiet']['p50_ms']:.1f}, {writes['quiet']['p99_ms']:.1f}", 'p99 < 80 (T7)', ''],
        ['messages/s, one after the other', f"{writes['single']['per_s']:,}", '≥ 300 (T9)', f"{writes['single']['per_s'] / bare['single']['per_s']:.2f} × bare SQLite ({bare['single']['per_s']:,})"],
        ['messages/s, 32 on their way', f"{writes['grouped']['per_s']:,}", '≥ 2,000 (T9)', f"{writes['grouped']['per_s'] / bare['grouped']['per_s']:.2f} × bare SQLite ({bare['grouped']['per_s']:,})"],
    ]
    print_table('The wire of the sync', rows, ['what', 'measured', 'goal', 'beside'])
    return {'frames': sizes, 'resume': resume, 'writes': writes, 'bare': bare}


def bench_storm(options):
    """Thousands of programs connected, and the server killed and started again."""
    server = Server(options.bin, conversations=200, devices=options.agents)
    try:
        time.sleep(1)
        before = memory_mb(server.process.pid)['Rss']
        storm = subprocess.Popen([f'{options.bin}/bench_wire', 'storm', server.port, server.devices], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        first = json.loads(storm.stdout.readline().removeprefix('live '))
        each = (memory_mb(server.process.pid)['Rss'] - before) * 1024 / options.agents
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
        storm.stdin.write('restarted\n')
        storm.stdin.flush()
        server.serve()
        again = last_json(storm.communicate(timeout=400)[0])
        burnt = cpu_seconds(server.process.pid)
    finally:
        server.stop()
    print_table(f'{options.agents:,} connected programs', [
        ['memory of an idle connection, KiB', f'{each:.1f}', '≤ 8 (T12)'],
        ['all live again after a killed server, s', f"{again['seconds']:.1f}", '< 30 (T11)'],
        ['most hellos in a second', f"{again['hellos_per_s_max']}", '≤ 200, and 200 at once (T11)'],
        ['resets', f"{again['resets']}", '0 (T11)'],
        ['CPU of the server for it, s', f'{burnt:.1f}', ''],
    ], ['what', 'measured', 'goal'])
    return {'first': first, 'again': again, 'kib_each': each}


def wakeups(pid):
    """Times the process was put to sleep, all threads."""
    return sum(int(line.split()[1]) for path in pathlib.Path(f'/proc/{pid}/task').glob('*/status')
               for line in path.read_text().splitlines() if line.startswith('voluntary_ctxt_switches'))


def forget_pages(*paths):
    """Out of the page cache, as after a restart of the machine; what other programs use stays."""
    for path in paths:
        for file in [path] if path.is_file() else path.rglob('*'):
            if file.is_file():
                with open(file, 'rb') as handle:
                    os.posix_fadvise(handle.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def libraries(program):
    done = subprocess.run(['ldd', program], capture_output=True, text=True).stdout
    return [pathlib.Path(part).resolve() for line in done.splitlines() for part in line.split() if part.startswith('/')]


def bench_screens(options):
    """The app's real screens on a filled cache, offline: frames, keys and steps of the GUI thread, by its CPU clock."""
    env = {**os.environ, 'QT_QPA_PLATFORM': os.environ.get('QT_QPA_PLATFORM', 'offscreen')}
    done = subprocess.run([f'{options.bin}/bench_app', 'screens', str(options.conversations)], env=env, stdout=subprocess.PIPE, text=True, check=True)
    found = last_json(done.stdout)

    def row(name, key, what, goal):
        of = found[key]
        shown = ', '.join(f"{part} {of[clock][part]:.1f}" for clock, part in what)
        return [name, shown, goal]

    print_table(f"The screens with {options.conversations:,} conversations, ms", [
        row('list frame, CPU and wall', 'list_frame', (('cpu', 'p50'), ('cpu', 'p99'), ('wall', 'max')), 'CPU p50 2.5, p99 6; none > 16 (D7)'),
        row('random jump', 'list_jump', (('cpu', 'p50'), ('wall', 'p95')), 'p95 8 (D8)'),
        row('open a thread of 1,000 messages', 'open_long', (('cpu', 'p50'), ('wall', 'p95')), 'CPU 25, wall p95 50 (D9)'),
        row('a message into it', 'append', (('cpu', 'p50'), ('cpu', 'p95'), ('wall', 'p95')), 'CPU 3 (D10)'),
        row('resolve and next', 'resolve_next', (('cpu', 'p50'), ('wall', 'p50'), ('wall', 'p95')), 'wall p95 50 (D11)'),
        row('palette over 5,000 entries: open', 'palette_open', (('cpu', 'p50'), ('wall', 'p95')), '33 (D12)'),
        row('the same: a key', 'palette_key', (('cpu', 'p50'), ('wall', 'p95')), '8 (D12)'),
        row('a key in a draft of 20 KB', 'key', (('cpu', 'p95'), ('wall', 'p50'), ('wall', 'p95')), 'CPU p95 1; wall p50 4, p95 12 (D6)'),
        row('a key in the search', 'search_key', (('cpu', 'p50'), ('cpu', 'p95'), ('wall', 'p95')), 'CPU p50 10, p95 60; wall p95 150 (D13)'),
        ['longest block while searching', f"{found['search_block_ms']:.1f}", '8 (D13)'],
        ['RSS after 1,000 conversations opened, after 2,000, MB', f"{found['rss_after_1000_mb']:.0f}, {found['rss_after_2000_mb']:.0f}", '180, and no growth (D4)'],
    ], ['what', 'measured', 'goal'])
    return found


def bench_online(options):
    """The app with a server: at rest, from an empty cache, after a shift away."""
    env = {**os.environ, 'QT_QPA_PLATFORM': os.environ.get('QT_QPA_PLATFORM', 'offscreen')}
    server = Server(options.bin, conversations=max(2200, options.conversations // 4), messages_each=10, devices=5)
    try:
        warm = Agent(options.bin, server.url)
        warm.run('sync')
        app = subprocess.Popen([f'{options.bin}/deskbell', '--profile', warm.folder.name, '--no-keychain'], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(75)  # a fresh profile is audited once, some time after all is here; it is not at rest meanwhile
        before, busy = wakeups(app.pid), cpu_seconds(app.pid)
        time.sleep(20)
        idle = {'wakeups_per_s': (wakeups(app.pid) - before) / 20, 'cpu': (cpu_seconds(app.pid) - busy) / 20, **memory_mb(app.pid)}
        app.terminate()
        app.wait(20)
        empty = [Agent(options.bin, server.url) for _ in range(options.rounds)]
        first = [last_json(subprocess.run([f'{options.bin}/bench_app', 'first', agent.folder.name], env=env, stdout=subprocess.PIPE, text=True, check=True).stdout)
                 for agent in empty]
        away = []
        for agent in empty:
            agent.run('sync')
        touch_conversations(server, 2000)
        for agent in empty:
            away.append(last_json(subprocess.run([f'{options.bin}/bench_app', 'catchup', agent.folder.name], env=env, stdout=subprocess.PIPE, text=True, check=True).stdout))
        forget_pages(pathlib.Path(warm.folder.name), pathlib.Path(f'{options.bin}/deskbell'), *libraries(f'{options.bin}/deskbell'))
        cold = first_paint([f'{options.bin}/deskbell', '--profile', warm.folder.name, '--no-keychain'], {**env, 'DESKBELL_TRACE_START': '1'})
    finally:
        server.stop()

    def column(list_, key):
        return spread([entry[key] for entry in list_])

    print_table('The app with a server', [
        ['idle and connected: wake-ups/s, CPU', f"{idle['wakeups_per_s']:.1f}, {idle['cpu'] * 100:.2f} %", '≤ 1, ≤ 0.1 % (D5)'],
        ['from an empty cache: first rows, ms', column(first, 'rows_ms'), ''],
        ['the newest 200 with their messages, ms', column(first, 'can_work_ms'), '≤ 1,500 (T2)'],
        ['first rows, files out of the page cache, ms', f"{cold['ms']:.0f}", '≤ 1,000 (D2)'],
        ['caught up 2,000 changed conversations, s', column(away, 'seconds'), '≤ 5 (D16)'],
        ['longest block of the GUI meanwhile, ms', column(away, 'longest_block_ms'), '≤ 50 (D16)'],
    ], ['what', 'measured', 'goal'])
    return {'idle': idle, 'first': first, 'cold': cold, 'away': away}


def touch_conversations(server, count):
    """A message into so many conversations, as an agent writes them."""
    base = sqlite3.connect(server.folder.name + '/data/deskbell.db')
    found = [str(uuid.UUID(bytes=row[0])) for row in base.execute('SELECT uuid FROM conversations ORDER BY id LIMIT ?', (count,))]
    base.close()
    path = server.folder.name + '/touched'
    pathlib.Path(path).write_text('\n'.join(found) + '\n')
    subprocess.run([f'{server.bin}/bench_wire', 'touch', server.port, server.devices, path], check=True, capture_output=True)


def bench_safety(options):
    """The app killed while somebody types: what of the draft is there afterwards."""
    env = {**os.environ, 'QT_QPA_PLATFORM': 'offscreen'}
    server = Server(options.bin, conversations=50)
    lost = []
    try:
        agent = Agent(options.bin, server.url)
        agent.run('sync')
        for round in range(options.rounds * 2):
            app = subprocess.Popen([f'{options.bin}/bench_app', 'draft', agent.folder.name], env=env, stdout=subprocess.PIPE, text=True)
            typed, end = [], time.monotonic() + 4 + random.random() * 3
            for line in app.stdout:
                typed.append((time.monotonic(), int(line)))
                if time.monotonic() >= end:
                    break
            killed = time.monotonic()
            app.kill()
            app.wait()
            base = sqlite3.connect(agent.folder.name + '/outbox.db')
            kept = max((len(row[0]) for row in base.execute('SELECT body FROM localdraft')), default=0)
            base.close()
            missing = [at for at, length in typed if length > kept]
            lost.append((killed - missing[0]) * 1000 if missing else 0)
    finally:
        server.stop()
    print_table('Killed while typing', [['age of the oldest letter lost, ms (most)', f'{max(lost):.0f}', '≤ 1,000 (D17)']], ['what', 'measured', 'goal'])
    return {'lost_ms': lost}


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
    parser.add_argument('--conversations', type=int, default=10000, help='of the sync, cache and screens benches')
    parser.add_argument('--agents', type=int, default=5000, help='programs of the storm')
    parser.add_argument('--json')
    parser.add_argument('names', nargs='*', default=[])
    options = parser.parse_args()
    benches = {'server': bench_server, 'idle': bench_idle, 'sync': bench_sync, 'wire': bench_wire, 'storm': bench_storm, 'cache': bench_cache,
               'app': bench_app, 'screens': bench_screens, 'online': bench_online, 'safety': bench_safety}
    results = {}
    if 'server' in (options.names or benches):
        options.sign_in_cpu = sign_in_cpu(options.bin)
    for name in options.names or benches:
        results[name] = benches[name](options)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=1))


if __name__ == '__main__':
    main()
