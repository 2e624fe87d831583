"""Imported by other scripts."""

import sys

print("helper:", __name__, __package__ == "", __spec__.name, __file__ == __spec__.origin)
VALUE = [1, 2, 3]
IMPORTER = sys._getframe(1).f_code.co_name


def fail(number):
    return 1 / number
