import asyncio

import aiohttp


async def main() -> None:
    print("Hello world!", aiohttp.__version__)


asyncio.run(main())
