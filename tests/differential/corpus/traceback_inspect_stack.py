"""Frames by inspect."""

import inspect


def outer():
    return inner()


def inner():
    return [(frame.function, frame.lineno, frame.code_context, frame.index) for frame in inspect.stack()]


for entry in outer():
    print(entry)
print(inspect.currentframe().f_code.co_qualname)
print(inspect.stack()[0].filename == __file__)
