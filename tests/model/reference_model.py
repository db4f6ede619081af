#!/usr/bin/env python3
"""The reference model holds, and it notices when one of its guards is missing."""
import re
import subprocess
import sys

from shared_files import LONG, shared

MODEL = shared('sync-model.py')
SEEDS = 3000 if LONG else 150
# Guards whose loss shows within a few seeds; the others need hundreds (sync-protocol 27).
BITES = {'no_receipts': 5, 'no_sweep': 5, 'no_floor': 5, 'floor_only_at_hello': 5, 'keep_dropped_scope': 5, 'no_leave_rows': 20, 'no_epoch': 60,
         'no_backfill': 80}


def violations(first, count, guard=None):
    done = subprocess.run([sys.executable, MODEL, str(first), str(count), *([guard] if guard else [])], capture_output=True, text=True, check=True)
    print(done.stdout.strip())
    return int(re.search(r'violations=(\d+)', done.stdout)[1])


def main():
    if violations(0, SEEDS) != 0:
        sys.exit('the reference model fails')
    for guard, seeds in BITES.items():
        if violations(0, seeds, guard) == 0:
            sys.exit(f'{guard} was not noticed in {seeds} seeds')


main()
