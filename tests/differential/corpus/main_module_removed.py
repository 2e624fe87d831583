"""The main module is taken away."""

import sys

print("before")
del sys.modules["__main__"]
print(__name__, "__main__" in sys.modules)
raise ValueError("still a traceback")
