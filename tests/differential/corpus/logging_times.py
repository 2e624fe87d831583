"""The times of records."""

import logging
import os
import time

record = logging.makeLogRecord({})
print(0 <= record.relativeCreated < 60_000, abs(record.created - time.time()) < 60)
record = logging.LogRecord("n", 20, __file__, 1, "m", (), None)
print(record.process == os.getpid(), record.processName, record.threadName, 0 <= record.relativeCreated < 60_000)
