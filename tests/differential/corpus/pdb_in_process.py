"""The debugger with its own input."""

import io
import os
import pdb
import sys

os.environ["HOME"] = os.getcwd()
COMMANDS = "p number\nn\nu\nd\nargs\np doubled\nc\n"


def work(number):
    doubled = number * 2
    debugger = pdb.Pdb(stdin=io.StringIO(COMMANDS), stdout=sys.stdout, nosigint=True, readrc=False)
    debugger.set_trace()
    doubled += 1
    return doubled


print(work(5))
