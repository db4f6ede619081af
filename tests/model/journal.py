#!/usr/bin/env python3
"""Holds the real journal and the real pages to the reference model's rules: deskbell_sim records what was committed and what
each cursor was sent in a world full of faults; every change is put into the model's database, and after each step its journal
and its pages must be the same.

Where the code says more than the model (both by the protocol): children of a deleted conversation go without rows of their
own (4.2), and a child never leaves a scope by itself."""
import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile

from shared_files import BIN, LONG, shared

SEEDS = range(1, 41 if LONG else 7)
STEPS = 400 if LONG else 150
# A restore begins another number space, and a server's clock that jumps makes tombstones forget in another order.
FAULTS = ['cut', 'partition', 'stall', 'crash', 'crash-at-failpoint', 'power-cut', 'crash-server', 'crash-server-at-failpoint', 'server-disk', 'compact']


def load():
    spec = importlib.util.spec_from_file_location('sync_model', shared('sync-model.py'))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Replay:
    def __init__(self, model):
        self.model = model
        model.DB.par = {}
        self.db = model.DB()
        self.pages = self.rows = 0
        self.told = 0 # the head of the last record; the first one tells of everything so far

    def fail(self, what):
        sys.exit(f'the code and the model differ: {what}')

    def compact(self, floor):
        if floor <= self.db.floor:
            return
        self.db.floor = floor
        for key, (seq, op, _) in list(self.db.jr.items()):
            if op != 'U' and seq <= floor:
                del self.db.jr[key]

    def commit(self, record):
        self.compact(record['floor'])
        rows = record['commit']
        # Parents first: a child moves with its parent, whichever was named first.
        for row in sorted(rows, key=lambda row: (row['parent'] is not None, row['seq'])):
            if row['kind'] == 1:
                continue
            key = (row['type'], row['id'])
            self.db.head = row['seq'] - 1
            if row['op'] == 'D':
                self.delete(key, row)
                continue
            if row['scope'].startswith('u:'):
                row['parent'] = None # a read state lives with its reader and moves with nobody
            if row['parent']:
                self.model.DB.par[key] = row['parent']
                if key in self.db.ent: # it is where its conversation is
                    self.db.ent[key]['scope'] = row['scope']
            self.db.put(*key, None, row['scope'], row['parent'])
            if not row['parent']:
                self.scope_version(key, row)
            self.rows += 1
        for row in rows:
            if row['kind'] == 1:
                self.leave(row, rows)
        self.db.head = self.told = record['head']

    def scope_version(self, key, row):
        """As the model has it; or newer than the last record, when a crash kept a commit from being told by itself."""
        entity = self.db.ent[key]
        if entity['sv'] != row['sv'] and self.told and row['sv'] <= self.told:
            self.fail(f'scope version of {key}: {row["sv"]}, the model has {entity["sv"]}')
        entity['sv'] = row['sv']

    def leave(self, row, rows):
        key = ('X', row['type'], row['id'], row['scope'])
        known = self.db.jr.get(key)
        # Left, and changed again before anything was told: the model saw the last step only.
        later = any(other['kind'] == 0 and other['id'] == row['id'] and other['seq'] > row['seq'] for other in rows)
        if not self.told or later:
            self.db.jr[key] = known = (row['seq'], 'X', row['scope'])
        if known != (row['seq'], 'X', row['scope']):
            self.fail(f'leave row {row}, the model has {known}')

    def delete(self, key, row):
        for child in [child for child, entity in self.db.ent.items() if entity['parent'] == key[1] and entity['scope'] == row['scope']]:
            del self.db.ent[child]
            self.db.jr.pop(('E', *child), None)
        if key in self.db.ent:
            self.db.delete(*key)
        else: # begun and ended in one commit
            self.db.jr[('E', *key)] = (row['seq'], 'D', row['scope'])

    def page(self, record):
        scopes = set(record['scopes'])
        expected = sorted((seq, op.lower(), scope) for seq, op, scope in self.db.jr.values()
                          if record['from'] < seq <= record['to'] and scope in scopes)
        sent = sorted((seq, op, scope) for seq, op, scope in record['page'])
        if sent != expected:
            self.fail(f'page {record["from"]}..{record["to"]}: {[row for row in sent if row not in expected]} sent, '
                      f'{[row for row in expected if row not in sent]} missing')
        if record['from'] < self.db.floor:
            self.fail(f'a page from {record["from"]} below the floor {self.db.floor}')
        self.pages += 1

    def whole(self, rows):
        code = {}
        for row in rows:
            key = ('E', row['type'], row['id']) if row['kind'] == 0 else ('X', row['type'], row['id'], row['scope'])
            code[key] = (row['seq'], row['op'], row['scope'])
        if code != self.db.jr:
            only = [(key, code.get(key), self.db.jr.get(key)) for key in code.keys() | self.db.jr.keys() if code.get(key) != self.db.jr.get(key)]
            self.fail(f'{len(only)} journal rows, code against model, first {only[:3]}')


def main():
    model = load()
    rows = pages = 0
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as folder:
            trace = pathlib.Path(folder) / 'trace'
            subprocess.run([BIN / 'deskbell_sim', '--seed', str(seed), '--steps', str(STEPS), '--faults', ','.join(FAULTS), '--record', trace],
                           check=True, stdout=subprocess.DEVNULL)
            replay = Replay(model)
            for line in trace.open():
                record = json.loads(line)
                if 'commit' in record:
                    replay.commit(record)
                elif 'page' in record:
                    replay.page(record)
                else:
                    replay.whole(record['journal'])
        rows += replay.rows
        pages += replay.pages
    print(f'{len(SEEDS)} worlds: {rows} rows and {pages} pages as the model has them')
    if pages < 100:
        sys.exit('too little happened to compare')


main()
