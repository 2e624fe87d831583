"""Caches, partials, iterators."""

import functools
import itertools
import operator


@functools.lru_cache(maxsize=2)
def double(number):
    print("computed", number)
    return number * 2


print([double(number) for number in (1, 1, 2, 3, 1)], double.cache_info())
print(list(itertools.batched("abcde", 2)) if hasattr(itertools, "batched") else "none", functools.partial(pow, 2)(5))
print(list(itertools.islice(itertools.count(5, 2), 3)), functools.reduce(operator.mul, range(1, 6)))
print(sorted(["b", "A", "c"], key=str.casefold), max([], default="none"), any([]), all([]))
next(iter([]))
