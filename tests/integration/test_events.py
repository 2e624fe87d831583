"""WS /api/v1/events: state changes and output, in order."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from tests.support.api import Api, App
from tests.support.platform import Platform


async def events_of(socket: aiohttp.ClientWebSocketResponse, pid: str) -> list[dict[str, Any]]:
    """The events of one task up to its closed state."""
    events = []
    async with asyncio.timeout(30):
        async for message in socket:
            event = json.loads(message.data)
            if pid not in message.data:
                continue
            events.append(event)
            if state_in(event) == "closed":
                return events
    raise AssertionError(f"the socket closed before the task did: {events}")


def state_in(event: dict[str, Any]) -> str | None:
    task = event.get("task", event)
    state = task.get("state") if isinstance(task, dict) else None
    return None if state is None else str(state)


async def test_states_come_in_order(api: Api, kit: App) -> None:
    async with api.session.ws_connect(api.address("/events")) as socket:
        pid = await api.start(kit, "ticking.py", {"lines": 3, "pause": 0.05, "code": 3})
        events = await events_of(socket, pid)
    states = [state for event in events if (state := state_in(event)) is not None]
    order = ["queued", "starting", "running", "closed"]
    assert states == sorted(states, key=order.index)
    assert states[-2:] == ["running", "closed"]
    assert "exited" in json.dumps(events[-1])


async def test_events_of_a_task_that_fails_to_start(platform: Platform, api: Api) -> None:
    app = await api.create_application("GoneEvent", {"main.py": "print(1)\n"})
    (platform.data / "sources" / app.path.rstrip("/").rsplit("/", 1)[-1] / "main.py").unlink()
    async with api.session.ws_connect(api.address("/events")) as socket:
        events = await events_of(socket, await api.start(app))
    assert "failed_to_start" in json.dumps(events[-1])
    assert "running" not in [state_in(event) for event in events]


async def test_every_listener_gets_every_end(api: Api, kit: App) -> None:
    async with (
        api.session.ws_connect(api.address("/events")) as one,
        api.session.ws_connect(api.address("/events")) as two,
    ):
        pids = await asyncio.gather(*(api.start(kit, "hello.py") for _ in range(10)))
        for socket in (one, two):
            ended: set[str] = set()
            async with asyncio.timeout(30):
                while len(ended) < 10:
                    message = await socket.receive()
                    event = json.loads(message.data)
                    if state_in(event) == "closed":
                        ended |= {pid for pid in pids if pid in message.data}


async def test_needs_a_token(platform: Platform) -> None:
    async with platform.api(token=None) as nobody:
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            async with nobody.session.ws_connect(nobody.address("/events")):
                pass
        assert caught.value.status == 401


async def test_a_foreign_origin_is_refused(api: Api) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        async with api.session.ws_connect(api.address("/events"), origin="https://elsewhere.example"):
            pass
    assert caught.value.status == 403
