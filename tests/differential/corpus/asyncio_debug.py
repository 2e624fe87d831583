"""The debug mode."""

import asyncio
import logging
import time


class Handler(logging.Handler):
    def emit(self, record):
        seen.add((record.name, record.levelname))


seen = set()
logging.getLogger("asyncio").addHandler(Handler(logging.WARNING))


async def main():
    loop = asyncio.get_running_loop()
    print(loop.get_debug(), loop.slow_callback_duration)
    time.sleep(0.15)  # noqa: ASYNC251


asyncio.run(main(), debug=True)
print(seen)
