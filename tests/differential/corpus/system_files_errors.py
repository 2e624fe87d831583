"""Errors of files."""

import os

for action in (
    lambda: os.listdir("/no/such"),
    lambda: os.mkdir("."),
    lambda: os.rmdir("."),
    lambda: os.rename("no", "such"),
    lambda: os.read(99, 1),
    lambda: os.kill(2**22, 0),
    lambda: os.chdir("/dev/null"),
    lambda: os.open(".", os.O_WRONLY),
    lambda: os.close(-1),
):
    try:
        action()
    except OSError as error:
        print(type(error).__name__, error)
