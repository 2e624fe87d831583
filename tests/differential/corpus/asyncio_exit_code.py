"""SystemExit out of a task."""

import asyncio
import sys


async def leave():
    sys.exit(19)


async def main():
    asyncio.create_task(leave())  # noqa: RUF006
    try:
        await asyncio.sleep(4)
    except asyncio.CancelledError:
        print("cancelled")
        raise


asyncio.run(main())
