"""Tasks and their results."""

import asyncio
import contextvars

variable = contextvars.ContextVar("variable", default="unset")


async def work(number):
    variable.set(number)
    await asyncio.sleep(0.01 * (3 - number))
    return number, variable.get()


async def main():
    print(await asyncio.gather(*(work(number) for number in range(3))), variable.get())
    print(asyncio.current_task().get_name(), len(asyncio.all_tasks()))
    try:
        async with asyncio.timeout(0.05):
            await asyncio.sleep(4)
    except TimeoutError as error:
        print(repr(error))
    print(await asyncio.to_thread(lambda: "of a thread"))
    print(type(asyncio.get_running_loop()).__name__, asyncio.get_running_loop().get_debug())
    return "result"


print(asyncio.run(main()))
try:
    asyncio.get_running_loop()
except RuntimeError as error:
    print(error)
