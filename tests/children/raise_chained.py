"""An uncaught exception with a cause, several frames deep, in this file and in a module."""

import json


def outer(text: str) -> object:
    try:
        return inner(text)
    except ValueError as problem:
        raise RuntimeError("could not read it → ☃") from problem


def inner(text: str) -> object:
    return json.loads(text)


print("before")
outer("{not json")
