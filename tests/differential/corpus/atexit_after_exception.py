"""atexit functions after an exception."""

import atexit
import sys

atexit.register(lambda: print("at exit", getattr(sys, "last_value", None), sys.exc_info()[0]))
raise ValueError("before the exit")
