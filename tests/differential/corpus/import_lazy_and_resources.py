"""Lazy loading, resources, pkgutil."""

import importlib.resources
import importlib.util
import pkgutil
import sys

spec = importlib.util.find_spec("_helper_plain")
loader = importlib.util.LazyLoader(spec.loader)
spec.loader = loader
module = importlib.util.module_from_spec(spec)
sys.modules["_helper_plain"] = module
loader.exec_module(module)
print("not loaded yet")
print(module.VALUE)
print(importlib.resources.files("json").joinpath("decoder.py").is_file())
print(sorted(found.name for found in pkgutil.iter_modules([sys.path[0]]) if found.name.startswith("_helper_circular")))
