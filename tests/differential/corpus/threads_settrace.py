"""Trace functions of threads."""

import threading

seen = []


def trace(frame, event, arg):
    if frame.f_code.co_name == "run":
        seen.append(event)
    return trace


def run():
    return 1


threading.settrace(trace)
thread = threading.Thread(target=run)
thread.start()
thread.join()
threading.settrace(None)
print(seen)
