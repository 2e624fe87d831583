"""An exception in a forked child."""

import os
import sys

child = os.fork()
if child == 0:
    raise ValueError("of the child")
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
sys.stdout.flush()
raise ValueError("of the parent")
