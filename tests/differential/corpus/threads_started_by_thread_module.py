"""A thread of the low-level module."""

import _thread
import sys
import threading
import time

done = threading.Event()


def run():
    thread = threading.current_thread()
    print(type(thread).__name__, thread.name, thread.daemon, thread is threading.main_thread())
    done.set()
    raise ValueError("in the thread")


sys.unraisablehook = lambda found: print("unraisable", found.exc_value)
_thread.start_new_thread(run, ())
done.wait()
time.sleep(0.2)
