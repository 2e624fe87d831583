"""Standard output that is closed."""

import sys

print("before")
sys.stdout.close()
try:
    print("after")
except ValueError as error:
    print(error, file=sys.stderr)
