"""Megabytes of output."""

import sys

line = "0123456789abcdef" * 8
for number in range(20_000):
    print(number, line)
sys.stdout.flush()
sys.stderr.write("x" * 300_000 + "\n")
sys.stdout.buffer.write(b"y" * 1_000_000)
