"""A detached stream."""

import os
import sys

print("before", flush=True)
buffer = sys.stdout.detach()
buffer.write(b"bytes\n")
buffer.flush()
try:
    print("after")
except ValueError as error:
    os.write(1, str(error).encode() + b"\n")
sys.stdout = os.fdopen(os.dup(1), "w", encoding="latin-1")
print("é")
sys.stdout.flush()
