"""An exception in __del__."""

import sys


class Thing:
    def __repr__(self):
        return "<thing>"

    def __del__(self):
        raise ValueError("in del")


def unraisable():
    thing = Thing()
    del thing


original = sys.unraisablehook


def hook(arguments):
    print(arguments.exc_type, arguments.exc_value, arguments.err_msg, arguments.object.__qualname__)


sys.unraisablehook = hook
unraisable()
sys.unraisablehook = original
print("end")
