"""Death by SIGQUIT, unflushed text is lost."""

import os
import signal
import sys

sys.stdout.reconfigure(line_buffering=False)
print("lost")
os.kill(os.getpid(), signal.SIGQUIT)
