"""Modules that import each other."""

import _helper_circular_one

print(_helper_circular_one.FINISHED)
