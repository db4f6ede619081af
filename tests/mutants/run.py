#!/usr/bin/env python3
"""Shows that the simulation can fail: switches off one guard of the sync at a time (guards.py) and expects deskbell_sim to
notice. A guard whose loss nobody notices is either needless or badly watched. All are built into one program, which is told
by DESKBELL_MUTANT which guard is missing.

usage: run.py [--worlds N] [--jobs J] [--build-with COMMAND] [--keep FOLDER] [NAME]...      ("./dev test --long" runs all)
"""
import argparse
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

from guards import GUARDS, NOTICED_IN

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TARGET = 'deskbell_sim'
SWITCH = '''#include <cstdlib>
static bool mutant(int number)
{
    static const char *const chosen = std::getenv("DESKBELL_MUTANT");
    static const int missing = chosen ? std::atoi(chosen) : 0;
    return missing == number;
}
'''


def copy_of_the_sources(folder):
    """The sources below a folder of their own, ready to build; a compiler cache recognises them."""
    listed = subprocess.run(['git', 'ls-files', '-co', '--exclude-standard'], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.split('\n'):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    if (ROOT / 'web/node_modules').exists() and not (folder / 'web/node_modules').exists():
        (folder / 'web/node_modules').symlink_to(ROOT / 'web/node_modules')


def switched(number, here, instead):
    """C++ that does the one or the other: conditions, whole statements, or an expression."""
    condition = re.compile(r'if \((.*)\)( \{)?', re.S)
    ours, theirs = condition.fullmatch(here), condition.fullmatch(instead)
    if ours and theirs:
        return f'if (mutant({number}) ? ({theirs[1]}) : ({ours[1]})){ours[2] or ""}'
    if here.startswith('return ') and instead.startswith('return '):
        return f'return mutant({number}) ? ({instead[7:-1]}) : ({here[7:-1]});'
    if here.rstrip().endswith((';', '}')):
        return f'{{ if (mutant({number})) {{\n{instead}\n}} else {{\n{here}\n}} }}\n'
    return f'(mutant({number}) ? ({instead}) : ({here}))'


def put_switches(source):
    """All guards into one tree; names of those that are not where the list says."""
    misplaced = []
    texts = {}
    for number, (name, (file, here, instead)) in enumerate(GUARDS.items(), 1):
        text = texts.setdefault(file, (source / file).read_text())
        if text.count(here) != 1:
            misplaced.append(name)
            continue
        texts[file] = text.replace(here, switched(number, here, instead))
    for file, text in texts.items():
        # After what it includes, so that no header sees it.
        last = [match.end() for match in re.finditer(r'^#include .*\n', text, re.M)][-1]
        (source / file).write_text(text[:last] + SWITCH + text[last:])
    return misplaced


def build(source, command):
    os.environ |= {'CCACHE_BASEDIR': str(source), 'CCACHE_NOHASHDIR': '1'}
    for step in (['cmake', '-S', '.', '-B', 'build', '-G', 'Ninja'], shlex.split(command)):
        made = subprocess.run(step, cwd=source, capture_output=True, text=True)
        if made.returncode != 0:
            sys.exit(f'the mutants do not compile:\n{made.stdout[-3000:]}{made.stderr[-1000:]}')


def failure_in(program, number, *arguments):
    """What the first oracle said that spoke; nothing when none did."""
    done = subprocess.run([program, '--failures', '1', '--events', str(10**9), *arguments],
                          capture_output=True, text=True, errors='replace', timeout=7200,
                          env=os.environ | {'DESKBELL_MUTANT': str(number)})
    if done.returncode == 0:
        return ''
    return next((line for line in done.stdout.splitlines() if line.startswith('FAIL')), f'ended with {done.returncode}')


def first_failure(program, number, place, options):
    """Looks where it was noticed before, then everywhere."""
    if place:
        profile, seed = place
        kind = ['--profile', profile] if profile else []
        failure = failure_in(program, number, '--first', str(seed), '--worlds', '1', '--jobs', '1', *kind)
        if failure:
            return failure
    return failure_in(program, number, '--worlds', str(options.worlds), '--jobs', str(options.jobs))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--worlds', type=int, default=200)
    parser.add_argument('--jobs', type=int, default=os.cpu_count())
    parser.add_argument('--build-with', default=f'cmake --build build --target {TARGET}')
    parser.add_argument('--keep', type=pathlib.Path, help='build here, and leave it')
    parser.add_argument('names', nargs='*')
    options = parser.parse_args()
    source = options.keep or pathlib.Path(tempfile.mkdtemp(prefix='deskbell-mutants-'))
    names = list(GUARDS)
    try:
        copy_of_the_sources(source)
        survivors = put_switches(source)
        for name in survivors:
            print(f'MISPLACED  {name}: it is not once in {GUARDS[name][0]}: bring guards.py up to date', flush=True)
        build(source, options.build_with)
        program = source / 'build/bin' / TARGET
        if not options.names:
            failure = first_failure(program, 0, None, options)
            if failure:
                sys.exit(f'the simulation fails without any mutant: {failure}')
        chosen = options.names or names
        for name in chosen:
            if name in survivors:
                continue
            failure = first_failure(program, names.index(name) + 1, NOTICED_IN.get(name), options)
            print(f'{"noticed " if failure else "SURVIVED"}  {name}   {failure[:140]}', flush=True)
            survivors += [] if failure else [name]
    finally:
        if not options.keep:
            shutil.rmtree(source, ignore_errors=True)
    print(f'{len(chosen) - len(set(survivors) & set(chosen))} of {len(chosen)} mutants were noticed')
    return 1 if survivors else 0


if __name__ == '__main__':
    sys.exit(main())
