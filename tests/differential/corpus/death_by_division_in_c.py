"""Death by SIGFPE with faulthandler."""

import faulthandler
import os
import signal
import sys

faulthandler.enable(file=sys.stdout, all_threads=False)
print("before", flush=True)
os.kill(os.getpid(), signal.SIGFPE)
