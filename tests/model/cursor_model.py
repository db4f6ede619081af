#!/usr/bin/env python3
"""Spin's verdict on the cursor: numbers of a sequence lose rows, numbers from the locked head row do not, with or without
writers that abort. Skips, saying so, where spin is not installed."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

from shared_files import SKIPPED, shared

MODEL = shared('sync-cursor.pml')


def errors(mode):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(['spin', '-a', f'-DMODE={mode}', MODEL], cwd=folder, check=True, capture_output=True)
        subprocess.run(['cc', '-O2', '-DSAFETY', '-o', 'pan', 'pan.c'], cwd=folder, check=True, capture_output=True)
        out = subprocess.run([pathlib.Path(folder) / 'pan', '-m100000'], cwd=folder, capture_output=True, text=True, check=True).stdout
    line = next(line for line in out.splitlines() if 'errors:' in line)
    states = next((line.strip() for line in out.splitlines() if 'states, stored' in line), '')
    print(f'mode {mode}: {line.strip()}; {states}')
    return int(line.split('errors:')[1])


def main():
    if not shutil.which('spin'):
        print('skipped: spin is not installed')
        sys.exit(SKIPPED)
    if errors(0) == 0:
        sys.exit('the naive numbering should lose rows')
    if errors(1) or errors(2):
        sys.exit('the head row does not hold')


main()
