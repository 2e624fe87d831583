"""sys.exit waits for a thread."""

import sys
import threading


def run():
    threading.main_thread().join()
    print("thread")


threading.Thread(target=run).start()
sys.exit("main leaves")
