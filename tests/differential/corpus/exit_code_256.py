"""sys.exit with 256."""

import sys

sys.exit(256)
