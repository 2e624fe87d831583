"""The process group can be killed as a whole."""

import os
import signal
import subprocess

child = subprocess.Popen(["sleep", "30"])
print(os.getpgid(child.pid) == os.getpgrp() == os.getpid(), flush=True)
os.killpg(0, signal.SIGTERM)
