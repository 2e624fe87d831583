"""Interval timers."""

import signal

count = 0


def handler(number, frame):
    global count
    count += 1
    if count == 3:
        signal.setitimer(signal.ITIMER_REAL, 0)


for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
    print(signal.getitimer(timer))
signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
while count < 3:
    signal.pause()
print(count, signal.getitimer(signal.ITIMER_REAL))
