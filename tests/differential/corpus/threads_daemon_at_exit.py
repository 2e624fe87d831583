"""Daemon threads are not waited for."""

import threading
import time


def run():
    started.set()
    time.sleep(4)
    print("never")


started = threading.Event()
threading.Thread(target=run, daemon=True).start()
started.wait()
print("main ends")
