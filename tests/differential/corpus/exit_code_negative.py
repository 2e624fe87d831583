"""sys.exit with a negative number."""

import sys

sys.exit(-1)
