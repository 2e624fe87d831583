"""Text that cannot be encoded."""

import sys

print(sys.stdout.errors, sys.stderr.errors)
print("lone \ud800", file=sys.stderr)
try:
    print("lone \ud800")
except UnicodeEncodeError as error:
    print(error)
try:
    print("escaped \udcff")
except UnicodeEncodeError as error:
    print(error)
sys.stdout.reconfigure(errors="backslashreplace")
print("lone \ud800")
