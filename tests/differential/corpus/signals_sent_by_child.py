"""A signal of a child."""

import os
import signal
import time

seen = []
signal.signal(signal.SIGUSR1, lambda number, frame: seen.append(number))
child = os.fork()
if child == 0:
    os.kill(os.getppid(), signal.SIGUSR1)
    os._exit(0)
os.waitpid(child, 0)
deadline = time.monotonic() + 3
while not seen and time.monotonic() < deadline:
    time.sleep(0.01)
print(seen == [signal.SIGUSR1])
