"""sys.exit with a float."""

import sys

sys.exit(2.5)
