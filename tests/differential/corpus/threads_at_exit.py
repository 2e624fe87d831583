"""Threads that are no daemons are waited for."""

import atexit
import threading
import time


def run():
    time.sleep(0.3)
    print("thread ends")


atexit.register(print, "atexit")
threading._register_atexit(print, "threading's atexit")
threading.Thread(target=run).start()
print("main ends")
