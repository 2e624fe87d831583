"""The script's file, the path and the arguments."""

import os
import sys

print(os.path.basename(__file__))
print(os.path.dirname(os.path.abspath(__file__)) == sys.path[0])
print(len(sys.argv), type(sys.argv))
print(os.path.basename(sys.argv[0]))
print("" in sys.path, all(isinstance(entry, str) for entry in sys.path))
print(sys.orig_argv[-1] == sys.argv[0], len(sys.orig_argv))
print(os.path.basename(sys.orig_argv[0]).startswith("python"))
