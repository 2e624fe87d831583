"""One line that is larger than a pipe."""

import os
import sys

print("z" * 500_000)
sys.stdout.flush()
written = 0
data = b"w" * 200_000
while written < len(data):
    written += os.write(1, data[written:])
