"""Ends with a text: Python writes it to stderr, and the exit code is 1."""

import sys

sys.exit("no more work")
