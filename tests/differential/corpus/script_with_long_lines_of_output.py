"""Partial lines."""

import sys

for number in range(5):
    print(number, end=" ", flush=True)
sys.stderr.write("partial")
sys.stdout.write("no newline at the end")
