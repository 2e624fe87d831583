"""A forked child that ends as usual."""

import atexit
import os
import sys
import threading

atexit.register(lambda: print("atexit", os.getpid() == parent, flush=True))
parent = os.getpid()
child = os.fork()
if child == 0:
    print(threading.main_thread() is threading.current_thread(), threading.main_thread().native_id == os.getpid())
    sys.exit(9)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
