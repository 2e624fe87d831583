"""sys.exit with a tuple."""

import sys

sys.exit((1, "two"))
