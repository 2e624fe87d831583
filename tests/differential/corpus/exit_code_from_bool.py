"""sys.exit with True."""

import sys

sys.exit(True)
