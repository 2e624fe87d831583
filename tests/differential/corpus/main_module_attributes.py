"""The attributes of __main__."""

import os
import sys

main = sys.modules["__main__"]
print(__name__, __package__, __spec__)
print(type(__loader__).__module__, type(__loader__).__name__)
print(__loader__.name, __loader__.path == __file__)
print(globals().get("__cached__", "absent"))
print(__doc__)
print(type(__builtins__).__name__, __builtins__ is sys.modules["builtins"])
print(main.__dict__ is globals())
print(sorted(main.__dict__))
print(os.path.isabs(__file__), os.path.samefile(__file__, sys.argv[0]))
print(__file__ == sys.argv[0])
