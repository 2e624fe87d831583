"""Prints the wall clock on every line, with a pause between."""

import time

for _ in range(40):
    print(repr(time.time()))
    time.sleep(0.03)
time.sleep(0.5)
