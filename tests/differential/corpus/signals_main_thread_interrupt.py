"""_thread.interrupt_main."""

import _thread
import threading

thread = threading.Thread(target=_thread.interrupt_main)
try:
    thread.start()
    thread.join()
    for _ in range(1000):
        pass
except KeyboardInterrupt:
    print("interrupted by a thread")
