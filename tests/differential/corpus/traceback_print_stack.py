"""The stack without an exception."""

import sys
import traceback


def outer():
    def inner():
        traceback.print_stack(file=sys.stdout)

    inner()


outer()
print(len(traceback.extract_stack()))
(lambda: traceback.print_stack())()
