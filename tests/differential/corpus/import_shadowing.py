"""A module of the script's folder wins over the standard library."""

import os
import sys
from pathlib import Path

Path("this.py").write_text("print('not the Zen')\n")
Path("colorsys.py").write_text("value = 'shadow'\n")
sys.path.insert(0, os.getcwd())
import colorsys  # noqa: E402
import this  # noqa: E402

print(colorsys.value, os.path.dirname(this.__file__) == os.getcwd())
