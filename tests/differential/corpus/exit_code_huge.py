"""sys.exit with a number that no C integer holds."""

import sys

sys.exit(2**80)
