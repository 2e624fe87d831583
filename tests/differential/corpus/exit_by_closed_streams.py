"""Both streams are closed before the exit."""

import sys

print("before")
sys.stdout.close()
sys.stderr.close()
sys.exit(4)
