# ruff: noqa  (the mistakes are the case)
"""Warnings of the compiler."""

print("\d")
x = 5
if x is 5:
    print("is")
assert (1, "always true")
compile("'\\q'", "text", "exec")
eval("1 is 1")
