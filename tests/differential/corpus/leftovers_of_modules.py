"""Nothing of who started the interpreter is among the modules."""

import importlib.util
import sys

for name in ("_waiting", "waiting", "launcher", "_launcher", "forkserver", "zygote", "_zygote"):
    print(name, name in sys.modules, importlib.util.find_spec(name))
plain = {"asyncio", "multiprocessing", "socket", "json", "threading", "logging", "subprocess", "random", "ssl"}
print(sorted(plain & set(sys.modules)))
