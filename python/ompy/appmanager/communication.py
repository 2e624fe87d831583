"""Starting other tasks, and talking with them.

Everything that blocks takes a ``timeout`` in seconds (None: no limit) and has a twin that ends in ``_async`` for
asyncio. What fails raises :class:`AmError`, whose text says why and whose ``code`` says what kind of failure it is.
"""

from __future__ import annotations

import json
import os

from ompy.appmanager import _channel
from ompy.appmanager.errors import AmError, AmTimeoutError, ConnectionClosed
from ompy.appmanager.task_socket import TaskSocket

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Mapping, Optional

__all__ = [
    "AmError",
    "AmTimeoutError",
    "ConnectionClosed",
    "Outcome",
    "TaskSocket",
    "connect_to_task",
    "connect_to_task_async",
    "run_am_script",
    "run_am_script_async",
    "send_json_to_task",
    "send_json_to_task_async",
    "set_status",
    "stop_task",
    "stop_task_async",
    "wait_for_socket_from_web",
    "wait_for_socket_from_web_async",
    "wait_for_task",
    "wait_for_task_async",
]

_JSON_BYTES = 1 << 20  # what the platform takes as params or as one message
_START_TIMEOUT_SEC = 60.0  # above the 30 s that the platform itself waits for a manager that is away


class Outcome:
    """How a task ended.

    ``kind``: ``exited``, ``signaled``, ``timed_out``, ``memory_limit``, ``stopped``, ``failed_to_start`` or ``lost``.
    ``exit_code`` and ``signal`` are numbers or None, ``message`` is a sentence for people, perhaps empty.
    """

    __slots__ = ("exit_code", "kind", "message", "signal")

    def __init__(self, kind: str, exit_code: Optional[int], signal: Optional[int], message: str) -> None:
        self.kind = kind
        self.exit_code = exit_code
        self.signal = signal
        self.message = message

    @property
    def ok(self) -> bool:
        """Whether the script came to its own end with exit code 0."""
        return self.kind == "exited" and self.exit_code == 0

    def __repr__(self) -> str:
        return (
            f"Outcome(kind={self.kind!r}, exit_code={self.exit_code!r}, signal={self.signal!r}, "
            f"message={self.message!r})"
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Outcome):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    __hash__ = None  # type: ignore[assignment]


def _new_id() -> str:
    """A random UUID of version 4; the uuid module would cost its import."""
    number = bytearray(os.urandom(16))
    number[6] = number[6] & 0x0F | 0x40
    number[8] = number[8] & 0x3F | 0x80
    text = number.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _json_text(name: str, value: Any) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        size = len(text.encode("utf-8"))
    except (TypeError, ValueError, RecursionError) as error:
        raise AmError(f"{name}: cannot be written as JSON: {error}", "invalid_argument") from None
    if size > _JSON_BYTES:
        raise AmError(f"{name}: {size} bytes, at most {_JSON_BYTES} are possible", "too_large")
    return text


# --- child tasks -------------------------------------------------------------------------------------------------


def _start_request(script_id_or_path: str, params: Optional[Mapping[str, Any]]) -> Dict[str, Any]:
    if not isinstance(script_id_or_path, str) or not script_id_or_path:
        raise AmError(f"script: must be a path or an id, not {script_id_or_path!r}", "invalid_argument")
    if params is None:
        params = {}
    if not isinstance(params, dict):
        raise AmError(f"params: must be a dict, not {type(params).__name__}", "invalid_argument")
    return {
        "request": "start",
        "childPid": _new_id(),
        "script": script_id_or_path,
        "params": _json_text("params", params),
    }


def run_am_script(
    script_id_or_path: str,
    params: Optional[Mapping[str, Any]] = None,
    timeout: Optional[float] = _START_TIMEOUT_SEC,
) -> str:
    """Starts a script as a child task and gives its pid, without waiting for its end.

    ``script_id_or_path``: a path in this task's application ("child.py"), or the id of any script. It must be
    executable. ``params``: what the child finds in ``TASK_PARAMS['scriptParams']``, over its owner's general
    parameters; ``timeout`` and ``memoryLimit`` in it are the child's limits.

    Raises AmError: ``conflict`` (not executable), ``not_found``, ``invalid_argument``, ``resource_exhausted`` (too
    many or too deep child tasks), ``unavailable`` (the manager has been away for 30 s).
    """
    answer = _channel.run(_channel.ask(_start_request(script_id_or_path, params)), timeout, "starting a task")
    return str(answer["pid"])


async def run_am_script_async(
    script_id_or_path: str,
    params: Optional[Mapping[str, Any]] = None,
    timeout: Optional[float] = _START_TIMEOUT_SEC,
) -> str:
    """As :func:`run_am_script`."""
    steps = _channel.ask(_start_request(script_id_or_path, params))
    return str((await _channel.run_async(steps, timeout, "starting a task"))["pid"])


def _outcome(answer: Dict[str, Any]) -> Outcome:
    outcome = answer["outcome"]
    return Outcome(outcome["kind"], outcome["exitCode"], outcome["signal"], outcome["message"])


def wait_for_task(pid: str, timeout: Optional[float] = None) -> Outcome:
    """Waits until that task is over and says how it ended; AmTimeoutError after ``timeout`` seconds."""
    steps = _channel.ask({"request": "wait", "pid": pid})
    return _outcome(_channel.run(steps, timeout, f"waiting for task {pid}"))


async def wait_for_task_async(pid: str, timeout: Optional[float] = None) -> Outcome:
    """As :func:`wait_for_task`."""
    steps = _channel.ask({"request": "wait", "pid": pid})
    return _outcome(await _channel.run_async(steps, timeout, f"waiting for task {pid}"))


def stop_task(pid: str, timeout: Optional[float] = _START_TIMEOUT_SEC) -> bool:
    """Stops that task with everything that it started. False when it is over already; its end is not awaited."""
    try:
        _channel.run(_channel.ask({"request": "stop", "pid": pid}), timeout, f"stopping task {pid}")
    except AmError as error:
        if error.code == "conflict":
            return False
        raise
    return True


async def stop_task_async(pid: str, timeout: Optional[float] = _START_TIMEOUT_SEC) -> bool:
    """As :func:`stop_task`."""
    try:
        steps = _channel.ask({"request": "stop", "pid": pid})
        await _channel.run_async(steps, timeout, f"stopping task {pid}")
    except AmError as error:
        if error.code == "conflict":
            return False
        raise
    return True


# --- messages ----------------------------------------------------------------------------------------------------


def _send_request(pid: str, obj: Any) -> Dict[str, Any]:
    return {"request": "send", "id": _new_id(), "pid": pid, "json": _json_text("message", obj)}


def send_json_to_task(pid: str, obj: Any, timeout: Optional[float] = _START_TIMEOUT_SEC) -> None:
    """Sends any JSON value to that task, which reads it with ``read_json_from_observer()``.

    The message is kept until it is read. Raises AmError: ``not_found``, ``conflict`` (that task is over),
    ``resource_exhausted`` (it has too much unread already), ``too_large`` (above 1 MiB).
    """
    _channel.run(_channel.ask(_send_request(pid, obj)), timeout, f"sending a message to task {pid}")


async def send_json_to_task_async(pid: str, obj: Any, timeout: Optional[float] = _START_TIMEOUT_SEC) -> None:
    """As :func:`send_json_to_task`."""
    steps = _channel.ask(_send_request(pid, obj))
    await _channel.run_async(steps, timeout, f"sending a message to task {pid}")


# --- connections -------------------------------------------------------------------------------------------------


def _accept() -> _channel.Steps[TaskSocket]:
    def attempt(connection: _channel.Connection) -> _channel.Steps[TaskSocket]:
        answer = yield from connection.ask({"request": "accept"})
        yield from connection.send({"request": "take"})
        return TaskSocket(connection, answer["peer"])

    return (yield from _channel.persistently(attempt, keep=True))[0]


def wait_for_socket_from_web(timeout: Optional[float] = None) -> TaskSocket:
    """Waits until somebody connects to this task and gives the connection.

    Others connect to ``ws://HOST:RESOURCE_SERVER_LOCAL_PORT/<pid of this task>``, or with :func:`connect_to_task`.
    Connections that came before are kept, and given in the order in which they came.
    """
    return _channel.run(_accept(), timeout, "waiting for a connection")


async def wait_for_socket_from_web_async(timeout: Optional[float] = None) -> TaskSocket:
    """As :func:`wait_for_socket_from_web`."""
    return await _channel.run_async(_accept(), timeout, "waiting for a connection")


def _connect(pid: str) -> _channel.Steps[TaskSocket]:
    def attempt(connection: _channel.Connection) -> _channel.Steps[TaskSocket]:
        yield from connection.ask({"request": "connect", "pid": pid})
        return TaskSocket(connection, f"task {pid}")

    return (yield from _channel.persistently(attempt, keep=True))[0]


def connect_to_task(pid: str, timeout: Optional[float] = _START_TIMEOUT_SEC) -> TaskSocket:
    """Connects to a task, on whichever hypervisor it is; it takes the connection with wait_for_socket_from_web().

    Raises AmError: ``not_found``, ``gone`` (that task is over), ``unavailable`` (64 connections wait for it already).
    """
    return _channel.run(_connect(pid), timeout, f"connecting to task {pid}")


async def connect_to_task_async(pid: str, timeout: Optional[float] = _START_TIMEOUT_SEC) -> TaskSocket:
    """As :func:`connect_to_task`."""
    return await _channel.run_async(_connect(pid), timeout, f"connecting to task {pid}")


# --- status ------------------------------------------------------------------------------------------------------


def set_status(text: str, progress: Optional[float] = None) -> None:
    """Says how the work goes: a line of text (at most 4 KiB), and how much is done, 0 to 1, or None.

    The console and ``am run`` show the newest one. Cheap enough to be called often. Raises AmError
    ``invalid_argument`` or ``too_large`` for another text or progress.
    """
    _json_text("text", text)
    _json_text("progress", progress)
    _channel.run(
        _channel.ask({"request": "status", "text": text, "progress": progress}),
        _START_TIMEOUT_SEC,
        "setting the status",
    )
