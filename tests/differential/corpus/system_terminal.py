"""A terminal of the script's own."""

import os
import pty

master, slave = pty.openpty()
print(os.isatty(slave), os.ttyname(slave).startswith("/dev/pts/"))
os.write(slave, b"line\n")
print(os.read(master, 100))
