"""Death by SIGHUP."""

import os
import signal

print("before", flush=True)
os.kill(os.getpid(), signal.SIGHUP)
