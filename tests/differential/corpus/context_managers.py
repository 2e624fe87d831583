"""Context managers."""

import contextlib


@contextlib.contextmanager
def manager(name):
    print("enter", name)
    try:
        yield name
    except ValueError as error:
        print("caught", error)
    finally:
        print("exit", name)


with manager("one") as one, contextlib.ExitStack() as stack:
    stack.callback(print, "callback")
    stack.enter_context(manager("two"))
    raise ValueError(one)
with contextlib.suppress(KeyError):
    {}["x"]
with manager("three"):
    raise KeyError("through")
