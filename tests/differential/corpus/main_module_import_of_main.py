"""What importing __main__ gives."""

import importlib.util
import sys

import __main__

value = 42
print(__main__.value)
print(__main__ is sys.modules["__main__"])
print(importlib.import_module("__main__") is __main__)
print(repr(__main__) == f"<module '__main__' from {__file__!r}>")
try:
    importlib.reload(__main__)
except Exception as error:
    print(type(error).__name__, error)
try:
    importlib.util.find_spec("__main__")
except ValueError as error:
    print(error)
