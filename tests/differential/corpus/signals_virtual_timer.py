"""A timer of processor time."""

import signal


class EnoughError(Exception):
    pass


def handler(number, frame):
    raise EnoughError(signal.Signals(number).name)


signal.signal(signal.SIGVTALRM, handler)
signal.setitimer(signal.ITIMER_VIRTUAL, 0.05)
try:
    while True:
        pass
except EnoughError as error:
    print(error)
