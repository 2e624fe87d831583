"""The command line."""

import sys

with open("/proc/self/cmdline", "rb") as file:
    command = file.read()
print(command.endswith(b"\0"))
print([part.decode() for part in command.split(b"\0")[:-1]] == sys.orig_argv)
print(sys.orig_argv[1:] == sys.argv)
