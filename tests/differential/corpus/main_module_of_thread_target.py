"""Functions know their module."""

import sys


class Thing:
    def method(self):
        pass


print(Thing.__module__, Thing.method.__qualname__, (lambda: 0).__module__, Thing)
print(Thing.method.__globals__ is globals(), sys.modules[Thing.__module__].Thing is Thing)
print(repr(Thing).startswith("<class '__main__."), type(sys.modules["__main__"]).__name__)
