"""A recursion of many thousand frames."""

import sys

sys.setrecursionlimit(20000)


def count(number):
    return number and 1 + count(number - 1)


print(count(19000))
