"""A password without a terminal."""

import getpass
import os

for opener in (lambda: os.ttyname(0), lambda: os.get_terminal_size(1), lambda: os.tcgetpgrp(0)):
    try:
        print(opener())
    except OSError as error:
        print(error)
try:
    getpass.getpass()
except EOFError as error:
    print(repr(error))
