"""A timer."""

import threading

event = threading.Event()
timer = threading.Timer(0.1, event.set)
timer.start()
print(event.wait(3), event.is_set())
timer.join()
cancelled = threading.Timer(30, event.set)
cancelled.start()
cancelled.cancel()
cancelled.join()
print(threading.active_count())
