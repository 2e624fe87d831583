"""Ignores SIGTERM and SIGINT, and sleeps for an hour."""

import os
import signal
import time

signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGINT, signal.SIG_IGN)
print(os.getpid())
time.sleep(3600)
