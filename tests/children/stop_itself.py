"""Stops itself with SIGSTOP."""

import os
import signal

print(os.getpid(), flush=True)
os.kill(os.getpid(), signal.SIGSTOP)
