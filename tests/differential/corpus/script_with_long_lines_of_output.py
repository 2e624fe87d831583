"""Partial lines."""

import sys
import time

for number in range(5):
    print(number, end=" ", flush=True)
    time.sleep(0.02)
sys.stderr.write("partial")
sys.stdout.write("no newline at the end")
