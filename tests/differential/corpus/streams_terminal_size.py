"""The size of no terminal."""

import os
import shutil

os.environ.pop("COLUMNS", None)
os.environ.pop("LINES", None)
print(shutil.get_terminal_size())
print([os.isatty(number) for number in range(3)])
