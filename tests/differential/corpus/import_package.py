"""A package with relative imports and __all__."""

import os
import sys
from pathlib import Path

Path("boxes").mkdir()
Path("boxes/__init__.py").write_text(
    "from .inner import name\n__all__ = ['name', 'inner']\nprint('package', __path__ != [])\n"
)
Path("boxes/inner.py").write_text("from . import __name__ as parent\nname = __name__ + ' of ' + parent\n")
Path("boxes/__main__.py").write_text(
    "import sys\nfrom .inner import name\nprint(__name__, name, __package__)\nsys.exit(4)\n"
)
sys.path.insert(0, os.getcwd())
from boxes import *  # noqa: E402, F403

print(name, inner.__name__)  # noqa: F405
import subprocess  # noqa: E402

done = subprocess.run([sys.executable, "-m", "boxes"], capture_output=True, text=True)
print(done.returncode, done.stdout, done.stderr)
try:
    from ... import nothing
except ImportError as error:
    print(error)
else:
    print(nothing)
