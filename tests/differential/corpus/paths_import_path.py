"""sys.path and its order."""

import os
import sys
import sysconfig

print(sys.path[0] == os.path.dirname(os.path.abspath(__file__)), "." in sys.path, "" in sys.path)
positions = [sys.path.index(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib")]
print(positions[0] == positions[1] < positions[2])
print(sum(path.endswith("lib-dynload") for path in sys.path), sum(path.endswith(".zip") for path in sys.path))
