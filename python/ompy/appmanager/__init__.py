"""The Application Manager's side of a running task.

The names of its modules are here, too (``from ompy.appmanager import run_am_script``), each loaded when it is asked
for: ``variables``, ``communication`` and ``observer``. ``testing`` has a platform for tests of one's own scripts.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List

    from ompy.appmanager.communication import (
        Outcome,
        TaskSocket,
        connect_to_task,
        connect_to_task_async,
        run_am_script,
        run_am_script_async,
        send_json_to_task,
        send_json_to_task_async,
        set_status,
        set_status_async,
        stop_task,
        stop_task_async,
        wait_for_socket_from_web,
        wait_for_socket_from_web_async,
        wait_for_task,
        wait_for_task_async,
    )
    from ompy.appmanager.errors import AmError, AmTimeoutError, ConnectionClosed
    from ompy.appmanager.observer import read_json_from_observer, read_json_from_observer_async
    from ompy.appmanager.variables import TASK_PARAMS

__all__ = [
    "TASK_PARAMS",
    "AmError",
    "AmTimeoutError",
    "ConnectionClosed",
    "Outcome",
    "TaskSocket",
    "connect_to_task",
    "connect_to_task_async",
    "read_json_from_observer",
    "read_json_from_observer_async",
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

_ELSEWHERE = {
    "TASK_PARAMS": "variables",
    "read_json_from_observer": "observer",
    "read_json_from_observer_async": "observer",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    module = importlib.import_module(f"{__name__}.{_ELSEWHERE.get(name, 'communication')}")
    return getattr(module, name)


def __dir__() -> List[str]:
    return sorted({*globals(), *__all__})
