"""An interrupt of asyncio.run."""

import asyncio
import os
import signal


async def main():
    try:
        asyncio.get_running_loop().call_later(0.1, os.kill, os.getpid(), signal.SIGINT)
        await asyncio.sleep(4)
    finally:
        print("finally", flush=True)


try:
    asyncio.run(main())
except KeyboardInterrupt as error:
    print(repr(error), type(error.__context__).__name__)
