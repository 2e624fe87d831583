"""P5: 1 GB in pieces of 64 KiB."""

import sys

block = "".join(f"{number:063d}\n" for number in range(1024))
for _ in range(1_000_000_000 // len(block)):
    sys.stdout.write(block)
