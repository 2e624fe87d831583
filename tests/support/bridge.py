"""WebSocket clients of a task, and the task that answers them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from tests.support.api import Api, ApiError, App
from tests.support.code_tasks import hearing, start_code

MESSAGE_LIMIT = 64 << 20


def address(port: int, pid: str) -> str:
    return f"ws://127.0.0.1:{port}/{pid}"


@asynccontextmanager
async def websocket(port: int, pid: str, **options: Any) -> AsyncIterator[ClientConnection]:
    """A usual client's connection to a task, through the hypervisor's port."""
    settings: dict[str, Any] = {"max_size": None, "proxy": None, "open_timeout": 30, "ping_interval": None, **options}
    async with connect(address(port, pid), **settings) as connection:
        yield connection


async def stop_and_wait(api: Api, pid: str) -> None:
    """Harmless for a task that is over."""
    try:
        await api.stop(pid)
    except ApiError as problem:
        assert problem.code == "conflict", problem
    await api.closed(pid)


@asynccontextmanager
async def echo_task(api: Api, kit: App, **params: Any) -> AsyncIterator[str]:
    """A task that sends back what it gets, for as long as the block runs; its pid."""
    pid = await api.start(kit, "echo_sockets.py", params)
    try:
        async with api.follow(pid) as reader:
            await reader.first()
        yield pid
    finally:
        await stop_and_wait(api, pid)


@asynccontextmanager
async def waiting_task(api: Api, kit: App) -> AsyncIterator[str]:
    """A task that accepts no connection."""
    pid = await start_code(api, kit, "import time; say('ready'); time.sleep(3600)")
    try:
        async with hearing(api, pid) as task:
            await task.next()
        yield pid
    finally:
        await stop_and_wait(api, pid)
