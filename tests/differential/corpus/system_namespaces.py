"""The root and its usual devices."""

import os
import stat

for name in ("null", "zero", "full", "random", "urandom"):
    print(name, stat.S_ISCHR(os.stat(f"/dev/{name}").st_mode), os.access(f"/dev/{name}", os.R_OK))
with open("/dev/zero", "rb") as file:
    print(file.read(4))
try:
    with open("/dev/full", "wb", buffering=0) as file:
        file.write(b"x")
except OSError as error:
    print(error)
print(os.readlink("/dev/stdin") == "/proc/self/fd/0", os.sysconf("SC_CLK_TCK"))
