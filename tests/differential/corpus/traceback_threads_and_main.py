"""Exceptions in a thread, then in the main thread."""

import sys
import threading


def run():
    try:
        raise KeyError("first")
    except KeyError:
        raise OSError(2, "second", "file")  # noqa: B904


thread = threading.Thread(target=run, name="failing")
thread.start()
thread.join()
sys.stderr.flush()
raise SystemError("main")
