"""An interrupt of a wait."""

import os
import signal
import threading

threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    signal.pause()
except KeyboardInterrupt:
    print("interrupted")
