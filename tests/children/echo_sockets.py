"""Sends every message of every connection back; ends with the first message "end of the task"."""

import asyncio

from ompy.appmanager.communication import AmError, ConnectionClosed, wait_for_socket_from_web_async


async def echo(soc):
    try:
        while True:
            message = await soc.read_message()
            if message == "end of the task":
                return True
            if isinstance(message, str):
                await soc.send_text_message(message)
            else:
                await soc.send_binary_message(message)
    except ConnectionClosed as error:
        print(f"closed {error.close_code} {error.reason}", flush=True)
    except AmError as error:
        print(f"error {error.code} {error}", flush=True)
    finally:
        await soc.close()


async def main():
    running = set()
    print("ready", flush=True)
    accept = asyncio.ensure_future(wait_for_socket_from_web_async())
    while True:
        done, _ = await asyncio.wait({accept, *running}, return_when=asyncio.FIRST_COMPLETED)
        if accept in done:
            running.add(asyncio.ensure_future(echo(accept.result())))
            accept = asyncio.ensure_future(wait_for_socket_from_web_async())
        if any(task.result() for task in done & running):
            return
        running -= done


asyncio.run(main())
