"""The source of the script's own objects."""

import inspect
import linecache
import sys


def function(number: int, /, *rest, named="x", **others) -> str:
    """Documentation of the function."""
    return str(number)


class Thing:
    """A thing."""

    def method(self):  # a comment
        return 1


print(inspect.getsource(function))
print(inspect.getsource(Thing), inspect.getsourcelines(Thing.method))
print(inspect.signature(function), inspect.getdoc(Thing), inspect.getmodule(function) is sys.modules["__main__"])
print(inspect.getsourcefile(function) == __file__, linecache.getline(__file__, 1))
print(inspect.getsource(sys.modules["__main__"]).count("\n") == len(linecache.getlines(__file__)))
