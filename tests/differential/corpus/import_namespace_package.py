"""Packages without __init__."""

import os
import sys
from pathlib import Path

for folder, name in (("left", "one"), ("right", "two")):
    Path(folder, "spread").mkdir(parents=True)
    Path(folder, "spread", f"{name}.py").write_text(f"name = '{name}'\n")
    sys.path.append(os.path.abspath(folder))
import spread  # noqa: E402
import spread.one  # noqa: E402
import spread.two  # noqa: E402

print(spread.one.name, spread.two.name, spread.__file__, type(spread.__path__).__name__, len(spread.__path__))
print(type(spread.__loader__).__name__, spread.__spec__.origin)
