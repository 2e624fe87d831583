"""A MemoryError."""

import sys

try:
    bytearray(sys.maxsize)
except MemoryError as error:
    print(repr(error))
raise MemoryError("of the script")
