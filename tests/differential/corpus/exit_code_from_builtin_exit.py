"""The built-in exit closes standard input."""

import atexit
import sys

atexit.register(lambda: print(sys.stdin.closed))
exit(6)
