# ruff: noqa  (comparisons by identity are the case)
"""Interned strings, small integers, singletons."""

import sys

print(sys.intern("some name") is sys.intern("some " + "name"))
word = "".join(["so", "me"])
print(word is "some", sys.intern(word) is "some")
print(int("256") is 256, int("257") is int("257"))
print(() is tuple([]), frozenset() is frozenset())
print("" is str(), "a" is chr(97), b"" is bytes())
print(None is type(None)(), Ellipsis is type(Ellipsis)(), NotImplemented is type(NotImplemented)())
