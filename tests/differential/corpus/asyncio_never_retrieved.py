"""An exception that nobody asked for."""

import asyncio
import gc
import logging
import re
import sys


class Handler(logging.Handler):
    def emit(self, record):
        print(record.name, record.levelname, re.sub(" at 0x[0-9a-f]+", "", record.getMessage()))


logging.getLogger("asyncio").addHandler(Handler())


async def fail():
    raise ValueError("lost")


async def main():
    task = asyncio.create_task(fail(), name="failing")
    await asyncio.sleep(0.05)
    del task
    gc.collect()


asyncio.run(main())
print(sys.stderr.closed)
