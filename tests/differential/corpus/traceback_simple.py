"""A plain traceback."""


def outer():
    return inner(1, 0)


def inner(one, other):
    return one / other


outer()
