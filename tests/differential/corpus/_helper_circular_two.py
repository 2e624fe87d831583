"""Imports the first helper, which is not ready."""

import _helper_circular_one

SAW = (hasattr(_helper_circular_one, "STARTED"), hasattr(_helper_circular_one, "FINISHED"))
try:
    from _helper_circular_one import FINISHED
except ImportError as error:
    print(str(error).split(" (/")[0])
else:
    print(FINISHED)
