"""The session and the process group."""

import os

print(os.getsid(0) == os.getpid(), os.getpgrp() == os.getpid(), os.getpgid(0) == os.getpgid(os.getpid()))
try:
    os.setsid()
except PermissionError as error:
    print(error)
