"""Death by SIGSEGV that is sent."""

import os
import signal

print("before", flush=True)
os.kill(os.getpid(), signal.SIGSEGV)
