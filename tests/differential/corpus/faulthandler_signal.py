"""A dump at a signal."""

import faulthandler
import os
import signal
import sys

faulthandler.register(signal.SIGUSR1, file=sys.stdout, all_threads=False, chain=False)
sys.stdout.flush()
os.kill(os.getpid(), signal.SIGUSR1)
print(faulthandler.unregister(signal.SIGUSR1))
