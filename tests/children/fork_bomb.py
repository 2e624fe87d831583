"""Forks from every process without end; a shared counter bounds it at 3,000 in case that nothing else does."""

import mmap
import os
import time

count = mmap.mmap(-1, 8)
while True:
    made = int.from_bytes(count[:], "little") + 1
    count[:] = made.to_bytes(8, "little")
    if made > 3000:
        time.sleep(3600)
    try:
        os.fork()
    except OSError:
        time.sleep(0.01)
