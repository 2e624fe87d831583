"""A dump after a time."""

import faulthandler
import os
import tempfile

with tempfile.TemporaryFile("w+") as file:
    faulthandler.dump_traceback_later(0.2, file=file)
    while not os.fstat(file.fileno()).st_size:
        os.sched_yield()
    faulthandler.cancel_dump_traceback_later()
    file.seek(0)
    print("Timeout" in file.read())
