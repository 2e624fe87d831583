"""How deep one gets."""

import sys

depth = 0


def deeper():
    global depth
    depth += 1
    deeper()


try:
    deeper()
except RecursionError as error:
    print(error)
print(depth)
sys.setrecursionlimit(300)
depth = 0
try:
    deeper()
except RecursionError as error:
    print(error)
print(depth)
