"""An exception through generators."""


def numbers():
    yield 1
    raise StopIteration("leaks")


def delegate():
    yield from numbers()


print(next(iter(delegate())))
list(delegate())
