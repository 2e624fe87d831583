"""Audit events."""

import sys

seen = []
watching = True


def hook(event, arguments):
    if watching and event.startswith("corpus."):
        seen.append((event, arguments))


sys.addaudithook(hook)
sys.audit("corpus.one", 1, "a")
sys.audit("corpus.two")
print(seen)
