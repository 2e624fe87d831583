"""Standard input that is empty."""

import sys

print(repr(sys.stdin.read()), repr(sys.stdin.readline()), list(sys.stdin))
print(sys.stdin.buffer.read(), sys.stdin.buffer.raw.read(10))
print(sys.stdin.fileno(), sys.stdin.isatty())
