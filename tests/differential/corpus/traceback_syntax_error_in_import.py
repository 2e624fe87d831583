"""A module that is a syntax error."""

import pathlib
import sys

pathlib.Path("broken_module.py").write_text("x = 1\ndef f(\n")
sys.path.insert(0, "")
try:
    import broken_module
except SyntaxError as error:
    print(error.msg, error.lineno, error.filename.endswith("broken_module.py"))
    print("broken_module" in sys.modules)
else:
    print(broken_module)
