"""Variables as the C library has them."""

import ctypes
import os

libc = ctypes.CDLL(None)
libc.getenv.restype = ctypes.c_char_p
print(libc.getenv(b"PATH") == os.environb[b"PATH"], libc.getenv(b"NO_SUCH_VARIABLE"))
os.environ["CORPUS_C"] = "value"
print(libc.getenv(b"CORPUS_C"))
libc.setenv(b"CORPUS_C", b"changed", 1)
print(os.environ["CORPUS_C"], libc.getenv(b"CORPUS_C"))
libc.clearenv()
print("PATH" in os.environ, libc.getenv(b"PATH"))
