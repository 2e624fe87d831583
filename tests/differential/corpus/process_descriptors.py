"""Open descriptors."""

import os

print(sorted(os.listdir("/proc/self/fd")))
print(os.open("/dev/null", os.O_RDONLY), os.dup(0), os.pipe())
print(os.get_inheritable(3))
