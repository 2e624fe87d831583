"""Lines on stdout and stderr in turn."""

import sys
import time

for number in range(5):
    print(f"out {number}")
    time.sleep(0.02)
    print(f"err {number}", file=sys.stderr)
    time.sleep(0.02)
