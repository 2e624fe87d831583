"""The debug mode."""

import asyncio
import logging
import time

logging.basicConfig(format="%(levelname)s %(name)s", level=logging.DEBUG)


async def main():
    loop = asyncio.get_running_loop()
    print(loop.get_debug(), loop.slow_callback_duration)
    time.sleep(0.15)  # noqa: ASYNC251


asyncio.run(main(), debug=True)
