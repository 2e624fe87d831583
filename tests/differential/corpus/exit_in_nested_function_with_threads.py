"""sys.exit waits for a thread."""

import sys
import threading
import time


def run():
    time.sleep(0.2)
    print("thread")


threading.Thread(target=run).start()
sys.exit("main leaves")
