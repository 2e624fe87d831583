"""Death by SIGUSR1."""

import os
import signal

print("before", flush=True)
os.kill(os.getpid(), signal.SIGUSR1)
