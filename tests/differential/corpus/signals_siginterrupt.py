"""System calls go on after a handler."""

import os
import signal
import threading
import time

reader, writer = os.pipe()
signal.signal(signal.SIGALRM, lambda *_: print("handler"))
signal.setitimer(signal.ITIMER_REAL, 0.1)


def answer():
    time.sleep(0.4)
    os.write(writer, b"late")


thread = threading.Thread(target=answer)
thread.start()
print(os.read(reader, 10))
thread.join()
