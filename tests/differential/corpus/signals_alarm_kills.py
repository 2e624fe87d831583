"""An alarm without a handler."""

import signal

print("waits", flush=True)
signal.setitimer(signal.ITIMER_REAL, 0.2)
signal.pause()
print("never")
