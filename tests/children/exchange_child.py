"""The guide's child of a data exchange: sends a factorial to its parent's WebSocket."""

import asyncio
import math

import aiohttp
from ompy.appmanager.variables import RESOURCE_SERVER_LOCAL_PORT, TASK_PARAMS


async def main():
    factorial = TASK_PARAMS["scriptParams"]["factorial"]
    url = f"http://127.0.0.1:{RESOURCE_SERVER_LOCAL_PORT}/{TASK_PARAMS['parentPid']}"
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as ws:
            await ws.send_str(f"result is {math.factorial(factorial)}")
            print("sent")


asyncio.run(main())
