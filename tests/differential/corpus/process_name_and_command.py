"""The process as the system shows it."""

import os
import sys

with open("/proc/self/comm") as file:
    print(file.read(), end="")
print(os.path.samefile("/proc/self/exe", sys.executable))
with open("/proc/self/stat") as file:
    fields = file.read().rsplit(")", 1)[1].split()
print("state", fields[0], "terminal", fields[4], "foreground", fields[5], "nice", fields[16], "threads", fields[17])
print(int(fields[2]) == os.getpgrp(), int(fields[3]) == os.getsid(0))
