"""Other threads go on after the main thread's exception."""

import threading
import time


def run():
    time.sleep(0.3)
    print("thread ends")


threading.Thread(target=run).start()
raise ValueError("of the main thread")
