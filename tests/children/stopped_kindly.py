"""Ends with code 7 in an orderly way when it is asked to by SIGTERM."""

import signal
import sys

signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
print("ready")
signal.sigwait({signal.SIGTERM})
print("tidied up")
sys.exit(7)
