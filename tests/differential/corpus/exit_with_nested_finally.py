"""finally blocks at an exit."""

import sys


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        print("exit", kind.__name__, error.code)


def generator():
    try:
        yield 1
    finally:
        print("generator closed")


running = generator()
next(running)
with Manager():
    try:
        sys.exit(12)
    finally:
        print("finally")
