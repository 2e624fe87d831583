"""The order of print and the C library's own buffer."""

import ctypes
import sys

libc = ctypes.CDLL(None)
sys.stdout.reconfigure(line_buffering=False)
print("print, flushed", flush=True)
libc.printf(b"printf, %d\n", 7)
libc.fflush(None)
print("print, at the end")
libc.puts(b"puts, after everything")
