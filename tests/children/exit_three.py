"""Ends with exit code 3."""

import sys

sys.exit(3)
