"""Imports the fixed package set and prints the versions."""

import importlib
import importlib.metadata
import json

NAMES = {
    "aiohttp": "aiohttp",
    "aiosignal": "aiosignal",
    "async-timeout": "async_timeout",
    "attrs": "attr",
    "charset-normalizer": "charset_normalizer",
    "frozenlist": "frozenlist",
    "idna": "idna",
    "lxml": "lxml.etree",
    "multidict": "multidict",
    "psutil": "psutil",
    "six": "six",
    "yarl": "yarl",
}
for module in NAMES.values():
    importlib.import_module(module)
print(json.dumps({name: importlib.metadata.version(name) for name in NAMES}))
