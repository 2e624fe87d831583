"""sys.exit with a text."""

import sys

print("before")
sys.exit("a reason, причина")
