"""The mask of signals."""

import os
import signal

print(signal.pthread_sigmask(signal.SIG_BLOCK, []))
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
os.kill(os.getpid(), signal.SIGUSR1)
print([number.name for number in signal.sigpending()])
print(signal.sigwait([signal.SIGUSR1]).name)
signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR1])
print(signal.sigpending(), signal.sigtimedwait([signal.SIGUSR1], 0))
