"""A module that fails during its import."""

import os
import sys
from pathlib import Path

Path("failing.py").write_text("started = True\nraise RuntimeError('during the import')\n")
sys.path.insert(0, os.getcwd())
for _ in range(2):
    try:
        import failing
    except RuntimeError as error:
        print(error, "failing" in sys.modules, error.__traceback__.tb_next.tb_lineno)
    else:
        print(failing)
import failing  # noqa: E402
