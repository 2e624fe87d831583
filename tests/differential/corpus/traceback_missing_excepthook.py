"""No hook at all."""

import sys

del sys.excepthook
raise KeyError("original")
