"""An exception in a callback of C."""

import ctypes
import sys

sys.unraisablehook = lambda found: print("unraisable:", found.exc_type.__name__, found.exc_value)
callback = ctypes.CFUNCTYPE(ctypes.c_int)(lambda: 1 / 0)
callback()  # what it gives then is undefined
