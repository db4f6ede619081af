#!/usr/bin/env python3
"""Shows that the simulation can fail: switches off one guard of the sync at a time (guards.py) and expects deskbell_sim to
notice. A guard whose loss nobody notices is either needless or badly watched.

usage: run.py [--worlds N] [--in-place] [--build-with COMMAND] [NAME]...      ("./dev test --long" runs all)
"""
import argparse
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

from guards import GUARDS

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TARGET = 'deskbell_sim'


def copy_of_the_sources():
    """The sources below a folder of their own, ready to build; a compiler cache recognises them."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix='deskbell-mutants-'))
    listed = subprocess.run(['git', 'ls-files', '-co', '--exclude-standard'], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.split('\n'):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    if (ROOT / 'web/node_modules').exists():
        (folder / 'web/node_modules').symlink_to(ROOT / 'web/node_modules')
    os.environ |= {'CCACHE_BASEDIR': str(folder), 'CCACHE_NOHASHDIR': '1'}
    subprocess.run(['cmake', '-S', folder, '-B', folder / 'build', '-G', 'Ninja'], check=True, capture_output=True)
    return folder


def build(source, command):
    made = subprocess.run(shlex.split(command), cwd=source, capture_output=True, text=True)
    if made.returncode != 0:
        sys.exit(f'the mutant does not compile:\n{made.stdout[-3000:]}')


def survives(source, worlds):
    """Whether no oracle spoke; what the first one said."""
    for first in range(1, worlds, 40): # stops early: one failure is enough
        done = subprocess.run([source / 'build/bin' / TARGET, '--worlds', str(min(40, worlds - first + 1)), '--first', str(first)],
                              capture_output=True, text=True, timeout=3600)
        if done.returncode != 0:
            failed = [line for line in done.stdout.splitlines() if line.startswith('FAIL')]
            return False, (failed or [done.stderr[-200:]])[0]
    return True, ''


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--worlds', type=int, default=200)
    parser.add_argument('--in-place', action='store_true', help='change the sources here and put them back')
    parser.add_argument('--build-with', default=f'cmake --build build --target {TARGET}')
    parser.add_argument('names', nargs='*')
    options = parser.parse_args()
    chosen = {name: GUARDS[name] for name in options.names or GUARDS}
    source = ROOT if options.in_place else copy_of_the_sources()
    survivors = []
    try:
        build(source, options.build_with)
        passes, last = survives(source, options.worlds)
        if not passes:
            sys.exit(f'the simulation fails without any mutant: {last}')
        for name, (file, old, new) in chosen.items():
            path = source / file
            text = path.read_text()
            if text.count(old) != 1:
                print(f'MISPLACED  {name}: it is not once in {file}: bring guards.py up to date', flush=True)
                survivors.append(name)
                continue
            try:
                path.write_text(text.replace(old, new))
                build(source, options.build_with)
                passes, last = survives(source, options.worlds)
            finally:
                path.write_text(text)
            print(f'{"SURVIVED" if passes else "noticed "}  {name}   {last[:140]}', flush=True)
            survivors += [name] if passes else []
    finally:
        if not options.in_place:
            shutil.rmtree(source, ignore_errors=True)
    print(f'{len(chosen) - len(survivors)} of {len(chosen)} mutants were noticed')
    return 1 if survivors else 0


if __name__ == '__main__':
    sys.exit(main())
