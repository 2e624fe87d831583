"""An alarm interrupts a sleep."""

import signal
import time


def handler(number, frame):
    raise TimeoutError("enough")


signal.signal(signal.SIGALRM, handler)
print(signal.alarm(1))
try:
    time.sleep(4)
except TimeoutError as error:
    print(error)
print(signal.alarm(0))
