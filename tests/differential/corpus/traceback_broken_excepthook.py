"""A hook that fails."""

import sys


def hook(kind, error, trace):
    raise RuntimeError("the hook fails")


sys.excepthook = hook
raise KeyError("original")
