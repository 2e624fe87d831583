"""Ends with code 7 in an orderly way when it is asked to by SIGTERM."""

import signal
import sys
import time


def leave(_number: int, _frame: object) -> None:
    print("tidied up")
    sys.exit(7)


signal.signal(signal.SIGTERM, leave)
print("ready")
time.sleep(3600)
