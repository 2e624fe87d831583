"""The home folder."""

import os
import pathlib

print(os.path.expanduser("~") == str(pathlib.Path.home()))
os.environ["HOME"] = "/somewhere"
print(os.path.expanduser("~/file"), pathlib.Path.home(), os.path.expandvars("$HOME/${NOPE}"))
