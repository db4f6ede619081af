#!/usr/bin/env python3
"""Shows that the simulation can fail: switches off one guard of the sync at a time, in a copy of the sources, and
expects tests_sim to notice. A guard whose loss nobody notices is either needless or badly watched.

usage: run.py [--seeds N] [NAME]...      ("./dev test --long" runs all)
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

# name: file, what stands there, what stands there instead
MUTANTS = {
    'an older row replaces a newer one': (
        'client/sync/replica.cpp', 'if (held && held->q >= row.q) {', 'if (held && held->q > row.q + 1000000) {'),
    'a bundle brings back what was removed meanwhile': (
        'client/sync/replica.cpp', 'return found != m_removed.end() && found->second > asOf;', 'return found != m_removed.end() && asOf < 0;'),
    'rows of a lost scope stay': (
        'client/sync/replica.cpp', 'm_cache.sweep(key, std::nullopt);', ''),
    'leaving another scope removes the row from the one it lives in': (
        'client/sync/replica.cpp', '(!onlyInScope || held->scope == row.scope)', '(!onlyInScope || !held->scope.empty())'),
    'messages stay behind when their conversation moves': (
        'client/sync/replica.cpp', 'm_cache.moveChildren(row.key.id, row.scope);', ''),
    'nobody asks for the messages of a conversation that appeared': (
        'client/sync/replica.cpp', 'm_cache.wantWindow(row.key.id, false, row.q);', ''),
    'what the server says beneath a pending change is forgotten': (
        'client/storage/cache_store.cpp', '    writeShadow(key, row);\n    m_stale.insert(key);\n}', '    m_stale.insert(key);\n}'),
    'a repeated mutation is executed again': (
        'server/sync/mutation_pipeline.cpp', 'if (answeredBefore(receipts, ctx.now()))', 'if (mutation.n < 0 && answeredBefore(receipts, ctx.now()))'),
}


def build_and_run(build, seeds):
    """Whether tests_sim passes; the last lines it printed."""
    made = subprocess.run(['cmake', '--build', build, '--target', 'tests_sim'], capture_output=True, text=True)
    if made.returncode != 0:
        sys.exit(f'the mutant does not compile:\n{made.stdout[-3000:]}')
    done = subprocess.run([f'{build}/bin/tests_sim', '--case', 'tst_simulation'], capture_output=True, text=True, timeout=1800,
                          env={**os.environ, 'QT_QPA_PLATFORM': 'offscreen', 'DESKBELL_SEEDS': str(seeds)})
    failed = [line for line in done.stdout.splitlines() if line.startswith(('FAIL', 'XPASS', 'QFATAL'))]
    return done.returncode == 0, (failed or done.stdout.splitlines()[-1:] or [''])[0]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--seeds', type=int, default=40)
    parser.add_argument('names', nargs='*')
    options = parser.parse_args()
    chosen = {name: MUTANTS[name] for name in options.names or MUTANTS}
    folder = pathlib.Path(tempfile.mkdtemp(prefix='deskbell-mutants-'))
    source, build = folder / 'source', folder / 'build'
    survivors = []
    try:
        for name in subprocess.run(['git', 'ls-files', '-co', '--exclude-standard'], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split('\n'):
            if name and (ROOT / name).is_file():
                (source / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, source / name)
        if (ROOT / 'web/node_modules').exists():
            (source / 'web/node_modules').symlink_to(ROOT / 'web/node_modules')
        subprocess.run(['cmake', '-S', source, '-B', build, '-G', 'Ninja'], check=True, capture_output=True)
        passes, last = build_and_run(build, options.seeds)
        if not passes:
            sys.exit(f'the simulation fails without any mutant: {last}')
        for name, (file, old, new) in chosen.items():
            path = source / file
            text = path.read_text()
            if text.count(old) != 1:
                sys.exit(f'{file}: the guard of "{name}" is not there once: bring this list up to date')
            path.write_text(text.replace(old, new))
            passes, last = build_and_run(build, options.seeds)
            path.write_text(text)
            print(f'{"SURVIVED" if passes else "noticed "}  {name}   {last[:110]}', flush=True)
            survivors += [name] if passes else []
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f'{len(chosen) - len(survivors)} of {len(chosen)} mutants were noticed')
    return 1 if survivors else 0


if __name__ == '__main__':
    sys.exit(main())
