"""The hook decides the exit code."""

import sys


def hook(kind, error, trace):
    print("hook", error)
    sys.exit(55)


sys.excepthook = hook
raise ValueError("x")
