"""Ends at once; a child in a session of its own keeps stdout open and sleeps."""

import os
import time

if os.fork() == 0:
    os.setsid()
    print(os.getpid(), flush=True)
    time.sleep(3600)
