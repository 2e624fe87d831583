"""A fork with text in the buffer."""

import os
import sys

sys.stdout.reconfigure(line_buffering=False)
print("written twice")
child = os.fork()
if child == 0:
    print("child")
    sys.stdout.flush()
    os._exit(0)
os.waitpid(child, 0)
print("parent")
