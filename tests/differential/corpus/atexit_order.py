"""The order of atexit functions."""

import atexit

atexit.register(print, "first registered")
atexit.register(print, "second", "registered", sep="-")


@atexit.register
def third():
    print("third")
    atexit.register(print, "registered at exit")


atexit.register(third)
atexit.unregister(third)
atexit.register(print, "last registered")
print(atexit._ncallbacks())
