"""The C library's buffer is written at the exit."""

import ctypes
import sys

libc = ctypes.CDLL(None)
libc.printf(b"no line's end")
print("python first", flush=True)
sys.exit(0)
