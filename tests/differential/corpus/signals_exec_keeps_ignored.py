"""Ignored signals stay ignored after exec."""

import os
import signal
import sys

signal.signal(signal.SIGUSR1, signal.SIG_IGN)
signal.signal(signal.SIGUSR2, lambda *_: None)
text = "import signal; print(signal.getsignal(signal.SIGUSR1).name, signal.getsignal(signal.SIGUSR2).name)"
sys.stdout.flush()
os.execv(sys.executable, [sys.executable, "-c", text])
