"""Names and descriptions of signals."""

import signal

print(sorted(found.name for found in signal.Signals))
print(signal.strsignal(signal.SIGSEGV), signal.NSIG, len(signal.valid_signals()))
