"""os._exit skips everything."""

import atexit
import os
import sys

sys.stdout.reconfigure(line_buffering=False)
atexit.register(print, "never")
print("flushed", flush=True)
print("lost")
try:
    os._exit(21)
finally:
    print("never")
