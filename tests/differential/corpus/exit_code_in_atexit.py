"""SystemExit in an atexit function."""

import atexit
import os
import sys


@atexit.register
def leave():
    print("atexit", flush=True)
    os._exit(4)


sys.exit(3)
