"""An exception from a handler."""

import os
import signal


class StopError(Exception):
    pass


def handler(number, frame):
    raise StopError("from the handler")


def work():
    os.kill(os.getpid(), signal.SIGUSR2)
    for _ in range(1000):
        pass


signal.signal(signal.SIGUSR2, handler)
try:
    work()
except StopError as error:
    print("caught", error)
signal.raise_signal(signal.SIGUSR2)
