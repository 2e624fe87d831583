"""Exceptions that refer to each other."""

one, other = ValueError("one"), ValueError("other")
one.__cause__, other.__cause__ = other, one
raise one
