"""Death by a wrong address."""

import ctypes

print("before", flush=True)
ctypes.string_at(0)
