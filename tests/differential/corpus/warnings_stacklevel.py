"""A warning about the caller."""

import warnings


def old():
    warnings.warn("old() is old", DeprecationWarning, stacklevel=2)


def caller():
    old()


caller()
warnings.warn("beyond", stacklevel=20)
