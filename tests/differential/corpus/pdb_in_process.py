"""The debugger with its own input."""

import io
import os
import pdb

os.environ["HOME"] = os.getcwd()


def work(number):
    doubled = number * 2
    pdb.Pdb(stdin=io.StringIO("p number\nn\nu\nd\nargs\np doubled\nc\n"), nosigint=True, readrc=False).set_trace()
    doubled += 1
    return doubled


print(work(5))
