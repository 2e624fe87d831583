"""Double fork, a session of its own, streams closed, folder left; then the task itself ends at once."""

import os
import signal
import time

read_end, write_end = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() != 0:
        os._exit(0)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.chdir("/")
    os.write(write_end, str(os.getpid()).encode())
    for descriptor in (0, 1, 2, read_end, write_end):
        os.close(descriptor)
    time.sleep(3600)
os.wait()
print(os.read(read_end, 32).decode())
