"""The order of text, bytes and descriptors in blocks."""

import os
import sys

sys.stdout.reconfigure(line_buffering=False)
print("one: text")
sys.stdout.buffer.write(b"two: bytes\n")
print("three: text")
sys.stdout.flush()
os.write(1, b"four: descriptor\n")
print("five: text")
os.write(1, b"six: descriptor, comes before the fifth\n")
