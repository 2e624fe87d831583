"""Death by a real-time signal."""

import os
import signal

print("before", flush=True)
os.kill(os.getpid(), signal.SIGRTMIN + 3)
