"""Where the models are."""
import os
import pathlib
import sys

SKIPPED = 77
LONG = bool(os.environ.get('DESKBELL_LONG'))
SOURCE = pathlib.Path(os.environ.get('DESKBELL_SOURCE', pathlib.Path(__file__).resolve().parents[2]))
BIN = pathlib.Path(os.environ.get('DESKBELL_BIN', SOURCE / 'build/bin'))


def shared(name):
    """The file; ends the test as skipped when it is not there."""
    folder = pathlib.Path(os.environ.get('DESKBELL_SHARED', SOURCE.parent / 'shared'))
    file = folder / 'design' / name
    if not file.exists():
        print(f'skipped: {file} is not there (DESKBELL_SHARED)')
        sys.exit(SKIPPED)
    return file
