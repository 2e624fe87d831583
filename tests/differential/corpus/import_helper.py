"""A module beside the script."""

import os
import sys

import _helper_plain
import _helper_plain as again

print(again is _helper_plain, _helper_plain.VALUE, _helper_plain.IMPORTER)
print(os.path.dirname(_helper_plain.__file__) == sys.path[0], type(_helper_plain.__loader__).__name__)
_helper_plain.fail(0)
