"""Handlers are for the main thread."""

import signal
import threading


def run():
    try:
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    except ValueError as error:
        print(error)


thread = threading.Thread(target=run)
thread.start()
thread.join()
signal.signal(signal.SIGUSR1, signal.SIG_IGN)
print(signal.getsignal(signal.SIGUSR1).name)
