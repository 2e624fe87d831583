"""A group of tasks that fails."""

import asyncio


async def fail(number):
    await asyncio.sleep(0.01 * number)
    raise ValueError(number)


async def wait():
    try:
        await asyncio.sleep(4)
    except asyncio.CancelledError:
        print("cancelled")
        raise


async def main():
    async with asyncio.TaskGroup() as group:
        group.create_task(fail(1))
        group.create_task(wait())


asyncio.run(main())
