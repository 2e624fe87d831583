"""Metadata of distributions."""

import importlib.metadata

try:
    importlib.metadata.version("no-such-distribution")
except importlib.metadata.PackageNotFoundError as error:
    print(error)
names = [found.metadata["Name"] for found in importlib.metadata.distributions()]
print(names == [str(name) for name in names])
