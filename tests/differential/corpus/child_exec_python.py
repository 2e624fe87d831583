"""exec of the interpreter."""

import os
import sys

print("before", flush=True)
if len(sys.argv) == 1:
    os.execv(sys.executable, [sys.executable, __file__, "again"])
print(sys.argv[1:], os.getsid(0) == os.getpid(), sorted(os.listdir("/proc/self/fd")))
raise ValueError("of the second")
