"""A child stops and continues."""

import os
import signal

child = os.fork()
if child == 0:
    os.kill(os.getpid(), signal.SIGSTOP)
    os._exit(5)
status = os.waitpid(child, os.WUNTRACED)[1]
print(os.WIFSTOPPED(status), signal.Signals(os.WSTOPSIG(status)).name)
os.kill(child, signal.SIGCONT)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
