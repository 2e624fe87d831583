"""The modules that are there before the script."""

import sys

names = set(sys.modules)
expected = {"sys", "builtins", "_frozen_importlib", "_imp", "_thread", "_warnings", "_weakref", "marshal", "posix"}
print(sorted(expected - names))
print(
    sorted(
        name
        for name in names
        if name not in sys.stdlib_module_names
        and "." not in name
        and name != "__main__"
        and not name.startswith("_")
        and name != "sitecustomize"
    )
)
print(
    sorted(
        name
        for name in ("re", "types", "enum", "collections", "functools", "inspect", "pickle", "typing")
        if name in names
    )
)
print([name for name, module in sys.modules.items() if module is None])
