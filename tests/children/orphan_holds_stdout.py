"""Ends as soon as its child has printed; the child, in a session of its own, keeps stdout open and sleeps."""

import os
import time

printed, say_printed = os.pipe()
if os.fork() == 0:
    os.setsid()
    print(os.getpid(), flush=True)
    os.write(say_printed, b".")
    time.sleep(3600)
os.read(printed, 1)
