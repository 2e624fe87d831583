"""A finder and a replaced __import__."""

import builtins
import importlib.abc
import importlib.machinery
import sys


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        return importlib.machinery.ModuleSpec(name, self) if name.startswith("virtual_") else None

    def exec_module(self, module):
        module.value = module.__name__.upper()


sys.meta_path.insert(0, Finder())
import virtual_one  # noqa: E402

print(virtual_one.value, type(virtual_one.__loader__).__name__)
seen = []
original = builtins.__import__


def watch(name, *arguments, **named):
    seen.append(name)
    return original(name, *arguments, **named)


builtins.__import__ = watch
import json  # noqa: E402

from virtual_two import value  # noqa: E402

builtins.__import__ = original
print(value, [name for name in seen if name in ("json", "virtual_two")], json.dumps(1))
