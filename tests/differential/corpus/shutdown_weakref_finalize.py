"""weakref.finalize at the exit."""

import atexit
import weakref


class Thing:
    pass


atexit.register(print, "atexit, registered earlier")
thing, other = Thing(), Thing()
weakref.finalize(thing, print, "finalized", "thing")
finalizer = weakref.finalize(other, print, "finalized", "other")
without = weakref.finalize(other, print, "never")
without.atexit = False
weakref.finalize(Thing(), print, "at once")
print(finalizer.alive, finalizer.atexit)
atexit.register(print, "atexit, registered later")
