# ruff: noqa: B028  (the default stack level is a part of the case)
"""A replaced showwarning."""

import warnings


def show(message, category, filename, lineno, file=None, line=None):
    print(message, category.__name__, filename == __file__, lineno)


warnings.showwarning = show
warnings.warn("through the script's function")
warnings.warn_explicit("explicit", UserWarning, __file__, 3)
print("__warningregistry__" in globals())
