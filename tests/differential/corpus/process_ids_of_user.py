"""The user's ids."""

import os

print(os.getuid() == os.geteuid(), os.getgid() == os.getegid())
print(os.getresuid() == (os.getuid(),) * 3, os.getresgid() == (os.getgid(),) * 3)
print(set(os.getgroups()) <= {os.getgid()})
