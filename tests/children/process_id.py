"""Prints its process id, and waits a little so that five of them live at once."""

import os
import time

print(os.getpid())
time.sleep(1)
