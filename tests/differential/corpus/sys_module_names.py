"""The names of sys."""

import sys

print(sorted(name for name in dir(sys) if name not in ("last_exc", "last_type", "last_value", "last_traceback")))
