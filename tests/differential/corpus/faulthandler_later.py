"""A dump after a time."""

import faulthandler
import tempfile
import time

with tempfile.TemporaryFile("w+") as file:
    faulthandler.dump_traceback_later(0.2, file=file)
    time.sleep(0.5)
    faulthandler.cancel_dump_traceback_later()
    file.seek(0)
    print("Timeout" in file.read())
