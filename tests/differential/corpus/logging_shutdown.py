"""Handlers are flushed at the exit."""

import logging
import logging.handlers


class Target(logging.Handler):
    def emit(self, record):
        print("emitted", record.getMessage())

    def close(self):
        print("closed")
        super().close()


handler = logging.handlers.MemoryHandler(100, flushLevel=logging.CRITICAL, target=Target())
logging.getLogger().addHandler(handler)
logging.getLogger().setLevel(logging.INFO)
logging.info("kept until the exit")
print("end")
