"""Another object as __main__."""

import sys
import types

original = sys.modules["__main__"]
replacement = types.ModuleType("__main__")
replacement.value = 5
sys.modules["__main__"] = replacement
import __main__  # noqa: E402

print(__main__.value, __main__ is replacement, original.__dict__ is globals())
sys.modules["__main__"] = original
