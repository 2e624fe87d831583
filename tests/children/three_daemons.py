"""Leaves three daemons behind: sessions of their own, no environment, no streams, no signal that they heed.

Says "daemons" when they are there, and ends at the first message.
"""

import os
import sys

from ompy.appmanager.observer import read_json_from_observer

DAEMON = """
import os, signal
for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
    try:
        signal.signal(number, signal.SIG_IGN)
    except OSError:
        pass
os.write(1, b"x")
for descriptor in range(3):
    os.close(descriptor)
while True:
    signal.pause()
"""

read_end, write_end = os.pipe()
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() != 0:
            os._exit(0)
        os.chdir("/")
        os.dup2(write_end, 1)
        os.execve(sys.executable, [sys.executable, "-S", "-c", DAEMON], {})
    os.wait()
for _ in range(3):
    os.read(read_end, 1)
print("daemons")
read_json_from_observer()
