"""A handler of the script."""

import os
import signal


def handler(number, frame):
    print(signal.Signals(number).name, frame.f_code.co_name)


def work():
    os.kill(os.getpid(), signal.SIGTERM)
    for _ in range(10):
        pass


print(signal.signal(signal.SIGTERM, handler) is signal.SIG_DFL)
work()
print(signal.signal(signal.SIGTERM, signal.SIG_IGN) is handler)
os.kill(os.getpid(), signal.SIGTERM)
print("ignored")
