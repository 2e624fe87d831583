"""errno of ctypes and audit of the last error."""

import ctypes
import sys

print(ctypes.get_errno())
print([name for name in ("last_type", "last_value", "last_traceback", "last_exc") if hasattr(sys, name)])
