"""The traceback of a coroutine."""

import asyncio


async def inner():
    await asyncio.sleep(0)
    raise LookupError("deep")


async def main():
    await asyncio.create_task(inner())


asyncio.run(main())
