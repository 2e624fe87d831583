"""Signals that children get."""

import subprocess
import sys

text = (
    "import signal; print([s.name for s in sorted(signal.valid_signals())"
    " if isinstance(s, signal.Signals) and signal.getsignal(s) == signal.SIG_IGN],"
    " signal.pthread_sigmask(signal.SIG_BLOCK, []))"
)
print(subprocess.run([sys.executable, "-c", text], capture_output=True, text=True).stdout)
for name in ("TERM", "PIPE"):
    print(subprocess.run(["sh", "-c", f"kill -{name} $$"]).returncode)
print(subprocess.run(["sh", "-c", "trap"], capture_output=True, text=True).stdout)
