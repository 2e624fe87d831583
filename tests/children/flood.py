"""Prints params["mb"] megabytes of lines, fast; the last line is the sha256 of everything before it."""

import hashlib
import os

from ompy.appmanager.variables import TASK_PARAMS

block = b"".join(b"%062d\n" % number for number in range(16 * 1024))  # 1,008 KiB
count = int(TASK_PARAMS["scriptParams"]["mb"] * 1024 * 1024) // len(block)
digest = hashlib.sha256()
for _ in range(count):
    digest.update(block)
    view = memoryview(block)
    while view:
        view = view[os.write(1, view) :]
print(digest.hexdigest())
