"""Memory maps."""

import mmap
import os

with mmap.mmap(-1, 4096) as memory:
    memory[:5] = b"hello"
    if os.fork() == 0:
        memory[0:1] = b"J"
        os._exit(0)
    os.wait()
    print(memory[:5], len(memory), memory.find(b"l"))
with open("mapped", "wb+") as file:
    file.write(b"x" * 100)
    file.flush()
    with mmap.mmap(file.fileno(), 0) as memory:
        memory[10] = ord("y")
    file.seek(10)
    print(file.read(2), os.sysconf("SC_PAGE_SIZE") == mmap.PAGESIZE)
