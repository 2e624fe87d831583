"""SIGCHLD."""

import os
import signal

seen = []
signal.signal(signal.SIGCHLD, lambda number, frame: seen.append(signal.Signals(number).name))
child = os.fork()
if child == 0:
    os._exit(7)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print(seen)
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError as error:
    print(error)
