"""/proc/self/environ and os.environ."""

import os

with open("/proc/self/environ", "rb") as file:
    entries = file.read().split(b"\0")
print(entries[-1])
print(dict(entry.split(b"=", 1) for entry in entries[:-1]) == dict(os.environb))
print([entry.split(b"=", 1)[0] for entry in entries[:-1]] == list(os.environb))
