"""sys.exit with None."""

import sys

sys.exit(None)
