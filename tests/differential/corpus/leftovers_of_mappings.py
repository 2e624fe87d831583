"""Mapped files of the process."""

import os

with open("/proc/self/maps") as file:
    names = {line.split(maxsplit=5)[5].strip() for line in file if len(line.split(maxsplit=5)) == 6}
print("[stack]" in names, "[heap]" in names, "[vdso]" in names)
print(sorted(os.path.basename(name) for name in names if "/memfd:" in name or "(deleted)" in name))
