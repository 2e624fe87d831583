"""A coroutine that nobody awaits."""

import asyncio


async def work():
    return 1


async def main():
    work()
    print("main")


asyncio.run(main())
work()
print("end")
