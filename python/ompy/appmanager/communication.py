"""Starting other tasks, and talking with them.

Everything that blocks takes a ``timeout`` in seconds (None: no limit) and has a twin that ends in ``_async`` for
asyncio. What fails raises :class:`AmError`, whose text says why and whose ``code`` says what kind of failure it is.
"""

from __future__ import annotations

import os

from ompy.appmanager import _channel
from ompy.appmanager._json import json_text
from ompy.appmanager.errors import AmError, AmTimeoutError, ConnectionClosed
from ompy.appmanager.task_socket import TaskSocket

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Mapping, Optional, Tuple

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
    "set_status_async",
    "stop_task",
    "stop_task_async",
    "wait_for_socket_from_web",
    "wait_for_socket_from_web_async",
    "wait_for_task",
    "wait_for_task_async",
]

_STATUS_BYTES = 4096
_START_TIMEOUT_SEC = 60.0  # above the 30 s that the platform itself waits for a manager that is away


class Outcome:
    """How a task ended; it does not change.

    ``kind``: ``exited``, ``signaled``, ``timed_out``, ``memory_limit``, ``stopped``, ``failed_to_start`` or ``lost``.
    ``exit_code`` and ``signal`` are numbers or None, ``message`` is a sentence for people, perhaps empty.
    """

    __slots__ = ("exit_code", "kind", "message", "signal")

    kind: str
    exit_code: Optional[int]
    signal: Optional[int]
    message: str

    def __init__(
        self, kind: str, exit_code: Optional[int] = None, signal: Optional[int] = None, message: str = ""
    ) -> None:
        for name, value in (("kind", kind), ("exit_code", exit_code), ("signal", signal), ("message", message)):
            object.__setattr__(self, name, value)

    @property
    def ok(self) -> bool:
        """Whether the script came to its own end with exit code 0."""
        return self.kind == "exited" and self.exit_code == 0

    def _values(self) -> Tuple[str, Optional[int], Optional[int], str]:
        return self.kind, self.exit_code, self.signal, self.message

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"an outcome does not change: {name}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"an outcome does not change: {name}")

    def __repr__(self) -> str:
        return "Outcome(kind={!r}, exit_code={!r}, signal={!r}, message={!r})".format(*self._values())

    def __eq__(self, other: object) -> bool:
        return self._values() == other._values() if isinstance(other, Outcome) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._values())

    def __reduce__(self) -> Tuple[type, Tuple[str, Optional[int], Optional[int], str]]:
        return Outcome, self._values()


def _new_id() -> str:
    """A random UUID of version 4; the uuid module would cost its import."""
    number = bytearray(os.urandom(16))
    number[6] = number[6] & 0x0F | 0x40
    number[8] = number[8] & 0x3F | 0x80
    text = number.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _checked_pid(pid: str) -> str:
    if not isinstance(pid, str) or not pid:
        raise AmError(f"pid: must be a task's id, not {pid!r}", "invalid_argument")
    return pid


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
        "params": json_text("params", params),
    }


def run_am_script(
    script_id_or_path: str,
    params: Optional[Mapping[str, Any]] = None,
    *,
    timeout: Optional[float] = _START_TIMEOUT_SEC,
) -> str:
    """Starts a script as a child task and gives its pid, without waiting for its end.

    ``script_id_or_path``: a path in this task's application ("child.py"), or the id of any script. It must be
    executable. ``params``: what the child finds in ``TASK_PARAMS['scriptParams']``, over its owner's general
    parameters; ``timeout`` (seconds) and ``memoryLimit`` (MB) in it are the child's limits.

    Raises AmError: ``conflict`` (not executable), ``not_found``, ``invalid_argument``, ``resource_exhausted`` (too
    many or too deep child tasks), ``unavailable`` (a part of the platform has been away for 30 s).
    """
    answer = _channel.run(_channel.ask(_start_request(script_id_or_path, params)), timeout, "starting a task")
    return str(answer["pid"])


async def run_am_script_async(
    script_id_or_path: str,
    params: Optional[Mapping[str, Any]] = None,
    *,
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
    steps = _channel.ask({"request": "wait", "pid": _checked_pid(pid)})
    return _outcome(_channel.run(steps, timeout, f"waiting for task {pid}"))


async def wait_for_task_async(pid: str, timeout: Optional[float] = None) -> Outcome:
    """As :func:`wait_for_task`."""
    steps = _channel.ask({"request": "wait", "pid": _checked_pid(pid)})
    return _outcome(await _channel.run_async(steps, timeout, f"waiting for task {pid}"))


def stop_task(pid: str, *, timeout: Optional[float] = _START_TIMEOUT_SEC) -> bool:
    """Stops that task with everything that it started. False when it is over already; its end is not awaited."""
    try:
        _channel.run(_channel.ask({"request": "stop", "pid": _checked_pid(pid)}), timeout, f"stopping task {pid}")
    except AmError as error:
        if error.code == "conflict":
            return False
        raise
    return True


async def stop_task_async(pid: str, *, timeout: Optional[float] = _START_TIMEOUT_SEC) -> bool:
    """As :func:`stop_task`."""
    try:
        steps = _channel.ask({"request": "stop", "pid": _checked_pid(pid)})
        await _channel.run_async(steps, timeout, f"stopping task {pid}")
    except AmError as error:
        if error.code == "conflict":
            return False
        raise
    return True


# --- messages ----------------------------------------------------------------------------------------------------


def _send_request(pid: str, obj: Any) -> Dict[str, Any]:
    return {"request": "send", "id": _new_id(), "pid": _checked_pid(pid), "json": json_text("message", obj)}


def send_json_to_task(pid: str, obj: Any, *, timeout: Optional[float] = _START_TIMEOUT_SEC) -> None:
    """Sends any JSON value to that task, which reads it with ``read_json_from_observer()``.

    The message is kept until it is read. Raises AmError: ``not_found``, ``conflict`` (that task is over),
    ``resource_exhausted`` (it has too much unread already), ``too_large`` (above 1 MiB).
    """
    _channel.run(_channel.ask(_send_request(pid, obj)), timeout, f"sending a message to task {pid}")


async def send_json_to_task_async(pid: str, obj: Any, *, timeout: Optional[float] = _START_TIMEOUT_SEC) -> None:
    """As :func:`send_json_to_task`."""
    steps = _channel.ask(_send_request(pid, obj))
    await _channel.run_async(steps, timeout, f"sending a message to task {pid}")


# --- connections -------------------------------------------------------------------------------------------------


def _accept() -> _channel.Steps[TaskSocket]:
    def attempt(connection: _channel.Connection) -> _channel.Steps[TaskSocket]:
        answer = yield from connection.ask(_channel.encode_request({"request": "accept"}))
        yield from connection.send(_channel.encode_request({"request": "take"}))
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
    request = _channel.encode_request({"request": "connect", "pid": _checked_pid(pid)})

    def attempt(connection: _channel.Connection) -> _channel.Steps[TaskSocket]:
        yield from connection.ask(request)
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


def _status_request(text: str, progress: Optional[float]) -> Dict[str, Any]:
    if not isinstance(text, str):
        raise AmError(f"text: must be text, not {text!r}", "invalid_argument")
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise AmError(f"text: {error}", "invalid_argument") from None
    if size > _STATUS_BYTES:
        raise AmError(f"text: {size} bytes, at most {_STATUS_BYTES} are possible", "too_large")
    # Not a number (NaN) is not between 0 and 1 either.
    if progress is not None and not (isinstance(progress, (int, float)) and 0 <= progress <= 1):
        raise AmError(f"progress: must be a number from 0 to 1 or None, not {progress!r}", "invalid_argument")
    return {"request": "status", "text": text, "progress": None if progress is None else float(progress)}


def set_status(text: str, progress: Optional[float] = None, *, timeout: Optional[float] = _START_TIMEOUT_SEC) -> None:
    """Says how the work goes: a line of text (at most 4 KiB), and how much is done, 0 to 1, or None.

    The console and ``am run`` show the newest one. Cheap enough to be called often. Raises AmError
    ``invalid_argument`` or ``too_large`` for another text or progress.
    """
    _channel.run(_channel.ask(_status_request(text, progress)), timeout, "setting the status")


async def set_status_async(
    text: str, progress: Optional[float] = None, *, timeout: Optional[float] = _START_TIMEOUT_SEC
) -> None:
    """As :func:`set_status`."""
    await _channel.run_async(_channel.ask(_status_request(text, progress)), timeout, "setting the status")
