"""What others tell this task: JSON messages, kept by the platform until they are read."""

from __future__ import annotations

import json

from ompy.appmanager import _channel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

__all__ = ["read_json_from_observer", "read_json_from_observer_async"]


def _read() -> _channel.Steps[Any]:
    def attempt(connection: _channel.Connection) -> _channel.Steps[Any]:
        message = yield from connection.ask({"request": "read"})
        taken = {"request": "taken", "sequence": message["sequence"]}
        try:
            yield from connection.ask(taken)
        except _channel.Away:
            # It is ours: whatever hypervisor comes next must know, or would deliver it again.
            yield from _channel.ask(taken)
        return json.loads(message["json"])

    return (yield from _channel.persistently(attempt))[0]


def read_json_from_observer(timeout: Optional[float] = None) -> Any:
    """The next JSON message to this task: from ``send_json_to_task`` or ``POST /api/v1/tasks/<pid>/messages``.

    In the order in which they were sent, each one once. ``timeout`` is in seconds, None waits for ever;
    AmTimeoutError when it passes.
    """
    return _channel.run(_read(), timeout, "reading a message")


async def read_json_from_observer_async(timeout: Optional[float] = None) -> Any:
    """As :func:`read_json_from_observer`."""
    return await _channel.run_async(_read(), timeout, "reading a message")
