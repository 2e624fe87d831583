"""Leaves a grandchild behind that no longer has a parent of the task; it ignores SIGTERM."""

import os
import signal
import time

print(os.getpid(), flush=True)
if os.fork() == 0:
    if os.fork() != 0:
        os._exit(0)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print(os.getpid(), flush=True)
    time.sleep(3600)
os.wait()
time.sleep(3600)
