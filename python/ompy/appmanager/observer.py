"""What others tell this task: JSON messages, kept by the platform until they are read."""

from __future__ import annotations

import json
import os

from ompy.appmanager import _channel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional, Tuple

    Message = Tuple[int, str]  # its sequence number and its JSON text

__all__ = ["read_json_from_observer", "read_json_from_observer_async"]

# Messages whose reading was cancelled while the platform was told that they are taken: they come first. With the
# process that they belong to, because a fork must not read them a second time.
_cut_short: List[Tuple[int, Message]] = []


def _next() -> _channel.Steps[Tuple[Message, _channel.Connection]]:
    def attempt(connection: _channel.Connection) -> _channel.Steps[Message]:
        answer = yield from connection.ask(_channel.encode_request({"request": "read"}))
        return answer["sequence"], answer["json"]

    return (yield from _channel.persistently(attempt, keep=True))


def _confirm(message: Message, connection: Optional[_channel.Connection]) -> _channel.Steps[Any]:
    """The value, once the platform knows that it is read and will not deliver it again."""
    taken = {"request": "taken", "sequence": message[0]}
    try:
        if connection is not None:
            try:
                yield from connection.ask(_channel.encode_request(taken))
            except _channel.Away:  # whatever hypervisor comes next must know
                yield from _channel.ask(taken)
        else:
            yield from _channel.ask(taken)
    except BaseException:
        _cut_short.append((os.getpid(), message))
        raise
    finally:
        if connection is not None:
            connection.close()
    return json.loads(message[1])


def _left_over() -> Optional[Message]:
    while _cut_short:
        process_id, message = _cut_short.pop(0)
        if process_id == os.getpid():
            return message
    return None


def read_json_from_observer(timeout: Optional[float] = None) -> Any:
    """The next JSON message to this task: from ``send_json_to_task`` or ``POST /api/v1/tasks/<pid>/messages``.

    In the order in which they were sent, each one once. ``timeout`` is in seconds (0.1 at least), None waits for ever;
    AmTimeoutError when it passes. Several processes and threads of a task may read: each message goes to one of them.
    """
    rest = _left_over()
    message, connection = (rest, None) if rest else _channel.run(_next(), timeout, "reading a message")
    # Not under the caller's timeout: the message is here, and would be lost if it ended between here and there.
    return _channel.run(_confirm(message, connection), None, "reading a message")


async def read_json_from_observer_async(timeout: Optional[float] = None) -> Any:
    """As :func:`read_json_from_observer`. A message whose reading is cancelled is the next one that is read."""
    rest = _left_over()
    message, connection = (rest, None) if rest else await _channel.run_async(_next(), timeout, "reading a message")
    return await _channel.run_async(_confirm(message, connection), None, "reading a message")
