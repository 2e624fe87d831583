"""An alarm without a handler."""

import signal
import time

print("waits", flush=True)
signal.setitimer(signal.ITIMER_REAL, 0.2)
time.sleep(4)
print("never")
