"""No exception is under way at the start."""

import sys
import traceback

print(sys.exc_info())
print(traceback.format_exc())
try:
    raise ValueError("one")
except ValueError:
    print(sys.exc_info()[0], sys.exc_info()[1])
print(sys.exc_info())
try:
    raise
except RuntimeError as error:
    print(error, error.__context__, error.__cause__)
