"""Variables that steer the interpreter."""

import os

names = (
    "PYTHONHASHSEED",
    "PYTHONHOME",
    "PYTHONSTARTUP",
    "PYTHONWARNINGS",
    "PYTHONDEVMODE",
    "PYTHONFAULTHANDLER",
    "PYTHONIOENCODING",
    "PYTHONUNBUFFERED",
    "PYTHONINSPECT",
    "PYTHONOPTIMIZE",
    "PYTHONVERBOSE",
    "PYTHONTRACEMALLOC",
    "LD_PRELOAD",
    "LD_LIBRARY_PATH",
    "MALLOC_ARENA_MAX",
    "NOTIFY_SOCKET",
    "LISTEN_FDS",
    "INVOCATION_ID",
)
print([name for name in names if name in os.environ])
print("_" in os.environ, "SHLVL" in os.environ, os.environ.get("LANG"))
