"""An exception in a thread."""

import threading


def run():
    raise LookupError("in a thread")


thread = threading.Thread(target=run, name="worker")
thread.start()
thread.join()
print("still here")
