"""
>>> twice(2)
4
>>> twice("a")
'wrong'
"""

import doctest


def twice(value):
    return value * 2


print(doctest.testmod(), __name__)
