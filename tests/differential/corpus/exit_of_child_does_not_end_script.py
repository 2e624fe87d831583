"""A forked child that ends by an exception in atexit."""

import atexit
import os
import sys

child = os.fork()
if child == 0:

    @atexit.register
    def leave():
        print("child's atexit", flush=True)
        os._exit(13)

    sys.exit(1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
