"""The modules in the order of their import."""

import sys

print(list(sys.modules))
