"""The arguments of print."""

import sys

print(1, 2, 3, sep="-", end="!\n")
print()
print(*"abc", sep="")
print("no end", end="")
print("", end="", flush=True)
print("to stderr", end="", file=sys.stderr)
