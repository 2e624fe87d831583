"""An alarm interrupts a wait."""

import signal


def handler(number, frame):
    raise TimeoutError("enough")


signal.signal(signal.SIGALRM, handler)
print(signal.alarm(1))
try:
    signal.pause()
except TimeoutError as error:
    print(error)
print(signal.alarm(0))
