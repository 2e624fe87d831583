"""A module that is loaded again."""

import importlib
import os
import sys
from pathlib import Path

sys.path.insert(0, os.getcwd())
Path("reloaded.py").write_text("value = 1\nold = True\n")
import reloaded  # noqa: E402

print(reloaded.value)
Path("reloaded.py").write_text("value = 'another'\n")
importlib.invalidate_caches()
print(importlib.reload(reloaded) is reloaded, reloaded.value, reloaded.old)
