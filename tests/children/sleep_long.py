"""Says its process id, and sleeps for an hour."""

import os
import time

print(os.getpid())
time.sleep(3600)
