"""Death by SIGINT with its default action."""

import os
import signal

signal.signal(signal.SIGINT, signal.SIG_DFL)
print("before", flush=True)
os.kill(os.getpid(), signal.SIGINT)
