"""The settings of the interpreter."""

import sys

print(sys.getrecursionlimit())
print(sys.getswitchinterval())
print(sys.gettrace(), sys.getprofile())
print(sys.get_asyncgen_hooks())
print(sys.get_coroutine_origin_tracking_depth())
print(sys.getdlopenflags())
print(sys.getdefaultencoding(), sys.getfilesystemencoding(), sys.getfilesystemencodeerrors())
print(sys.byteorder, sys.maxsize, sys.maxunicode)
print(sys.platform, sys.implementation.name, sys.implementation.cache_tag)
print(sys.pycache_prefix)
print(sys.is_finalizing())
print(hasattr(sys, "ps1"), hasattr(sys, "ps2"), hasattr(sys, "last_type"), hasattr(sys, "tracebacklimit"))
