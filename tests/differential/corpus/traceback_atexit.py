"""An exception in an atexit function."""

import atexit


class Callback:
    def __repr__(self):
        return "<callback>"

    def __call__(self):
        print("last")
        raise ValueError("at exit")


@atexit.register
def first():
    print("first")


atexit.register(Callback())
print("body")
