"""Suggestions for wrong names."""

import collections

someone = 1
for text in ("someon", "collections.namedtuples", "self_", "prnt", "''.uper", "sys.path"):
    try:
        eval(text)
    except (NameError, AttributeError) as error:
        print(error, error.name)
print(collections.__name__)
print(someonee)  # noqa: F821
