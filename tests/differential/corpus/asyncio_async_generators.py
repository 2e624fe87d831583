"""Asynchronous generators are closed at the end."""

import asyncio


async def numbers():
    try:
        for number in range(10):
            yield number
    finally:
        print("closed")


async def main():
    global generator
    generator = numbers()
    print(await anext(generator), [number async for number in numbers() if number % 2])
    async with asyncio.Lock(), asyncio.Semaphore(2):
        queue = asyncio.Queue()
        await queue.put(1)
        print(await queue.get(), queue.empty())


asyncio.run(main())
