"""An exit code that looks like a signal's."""

import sys

sys.exit(137)
