"""A package of the environment, if it is there."""

import importlib.util
import sys

if importlib.util.find_spec("aiohttp"):
    import aiohttp

    print(aiohttp.ClientTimeout().total, type(aiohttp.ClientSession).__name__, aiohttp.__name__)
    print("aiohttp.web" in sys.modules, aiohttp.__spec__.name)
