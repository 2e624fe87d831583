"""Finders and hooks of the import system."""

import sys

print([getattr(finder, "__name__", type(finder).__name__) for finder in sys.meta_path])
print([getattr(finder, "__module__", None) for finder in sys.meta_path])
print([getattr(hook, "__qualname__", type(hook).__name__) for hook in sys.path_hooks])
print(type(sys.path_importer_cache).__name__, type(sys.modules).__name__, type(sys.path).__name__)
print(sys.path_importer_cache.get("/nowhere", "absent"))
