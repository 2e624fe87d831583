"""Logging to stderr."""

import logging
import threading

form = "%(levelname)s:%(name)s:%(filename)s:%(lineno)d:%(funcName)s:%(threadName)s:%(processName)s:%(message)s"
logging.basicConfig(level=logging.DEBUG, format=form)
logging.debug("debug")


def work():
    try:
        _ = 1 / 0
    except ZeroDivisionError:
        logging.exception("failed")
    logging.getLogger("a.b").info("stack", stack_info=True)


thread = threading.Thread(target=work, name="worker")
thread.start()
thread.join()
logging.info("%d", "no number")
