"""A flush that fails at the exit."""

import os
import sys

sys.stdout.reconfigure(line_buffering=False)
print("lost")
os.close(1)
