"""There is no child at the start."""

import os

try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError as error:
    print(error)
with open(f"/proc/self/task/{os.getpid()}/children") as file:
    print(repr(file.read()))
