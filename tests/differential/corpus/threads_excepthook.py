"""A hook for exceptions in threads."""

import threading


def hook(arguments):
    print(arguments.exc_type.__name__, arguments.exc_value, arguments.thread.name)


threading.excepthook = hook
thread = threading.Thread(target=lambda: 1 / 0, name="dividing")
thread.start()
thread.join()
