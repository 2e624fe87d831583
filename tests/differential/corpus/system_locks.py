"""Locks of files."""

import fcntl
import os

with open("locked", "w") as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    with open("locked") as again:
        try:
            fcntl.flock(again, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as error:
            print(error)
    fcntl.lockf(file, fcntl.LOCK_EX)
    print(fcntl.fcntl(file, fcntl.F_GETFD) == fcntl.FD_CLOEXEC, fcntl.fcntl(file, fcntl.F_GETFL) & os.O_WRONLY)
print([fcntl.fcntl(number, fcntl.F_GETFD) for number in range(3)])
print([fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE for number in range(3)])
print([bool(fcntl.fcntl(number, fcntl.F_GETFL) & (os.O_NONBLOCK | os.O_APPEND)) for number in range(3)])
