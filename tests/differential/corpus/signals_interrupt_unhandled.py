"""A KeyboardInterrupt that nobody handles."""

import signal


def work():
    signal.raise_signal(signal.SIGINT)


try:
    work()
finally:
    print("finally", flush=True)
