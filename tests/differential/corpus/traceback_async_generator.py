"""Tracebacks through await and async for."""

import asyncio


async def numbers():
    yield 1
    raise ValueError("in an asynchronous generator")


async def collect():
    return [number async for number in numbers()]


async def main():
    results = await asyncio.gather(collect(), asyncio.sleep(0), return_exceptions=True)
    print(repr(results[0]), results[1])
    await collect()


try:
    asyncio.run(main())
except ValueError as error:
    frame = error.__traceback__
    while frame:
        print(frame.tb_frame.f_code.co_name)
        frame = frame.tb_next
