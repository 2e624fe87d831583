"""Caches of the standard library are empty."""

import copyreg
import importlib._bootstrap as bootstrap
import linecache
import re
import warnings

print(re.purge(), linecache.cache, warnings.onceregistry)
print(sorted(kind.__name__ for kind in copyreg.dispatch_table))
print(sorted(bootstrap._module_locks))
