"""Exactly the usual modules."""

import sys

print(sorted(sys.modules))
