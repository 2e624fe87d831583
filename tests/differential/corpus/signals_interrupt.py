"""SIGINT becomes KeyboardInterrupt."""

import os
import signal


def work():
    os.kill(os.getpid(), signal.SIGINT)
    for _ in range(1000):
        pass


try:
    work()
except KeyboardInterrupt as error:
    print("caught", repr(error))
print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)
