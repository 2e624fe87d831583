"""An interrupt of a wait."""

import os
import signal
import threading
import time

threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    time.sleep(4)
except KeyboardInterrupt:
    print("interrupted")
