"""Imports the other helper that imports this one."""

import sys

STARTED = True
import _helper_circular_two  # noqa: E402

FINISHED = _helper_circular_two.SAW
print("one finished", "_helper_circular_two" in sys.modules)
