"""Who this task is and what it was started with.

``TASK_PARAMS`` is the dictionary of the guide::

    {'pid': '94edcac2-…', 'parentPid': None, 'applicationPath': '/sources/Manual-N9IBvh',
     'scriptPath': 'test.py', 'scriptParams': {}, 'outputPath': '/workdirs/94edcac2-…'}

The same values are there as plain names, beside the platform's settings from the environment. Outside a task, for
example under a plain ``python script.py``, importing this module works: ``PID`` and the paths are ``None`` and the
parameters are empty.
"""

from __future__ import annotations

import json
import os

TYPE_CHECKING = False  # as typing's constant, without the cost of importing typing in every task
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional

__all__ = [
    "APPLICATION_PATH",
    "DEFAULT_TASK_MAX_MEMORY_MB",
    "DEFAULT_TASK_TIMEOUT_SEC",
    "OUTPUT_PATH",
    "PARENT_PID",
    "PID",
    "RESOURCE_SERVER_LOCAL_PORT",
    "SCRIPT_PARAMS",
    "SCRIPT_PATH",
    "TASK_PARAMS",
]

_OUTSIDE_A_TASK: Dict[str, Any] = {
    "pid": None,
    "parentPid": None,
    "applicationPath": None,
    "scriptPath": None,
    "scriptParams": {},
    "outputPath": None,
}


def _read_task_params() -> Dict[str, Any]:
    # A file, not an environment variable: those are limited to 128 KiB each, parameters are not.
    path = os.environ.get("AM_TASK_FILE")
    if path is None:
        return dict(_OUTSIDE_A_TASK)
    with open(path, encoding="utf-8") as file:
        params: Dict[str, Any] = json.load(file)
    return params


def _number(name: str, default: float) -> float:
    text = os.environ.get(name)
    return default if text is None else float(text)


if TYPE_CHECKING:
    TASK_PARAMS: Dict[str, Any]
    PID: Optional[str]
    PARENT_PID: Optional[str]
    APPLICATION_PATH: Optional[str]
    SCRIPT_PATH: Optional[str]
    SCRIPT_PARAMS: Dict[str, Any]
    OUTPUT_PATH: Optional[str]
    #: Seconds that a task may run when it is started without ``timeout``; below 0: no limit.
    DEFAULT_TASK_TIMEOUT_SEC: float
    #: Megabytes that a task may take with its children when it is started without ``memoryLimit``.
    DEFAULT_TASK_MAX_MEMORY_MB: int
    #: Port of the hypervisor's WebSocket server on 127.0.0.1.
    RESOURCE_SERVER_LOCAL_PORT: int


def _read() -> None:
    params = _read_task_params()
    globals().update(
        TASK_PARAMS=params,
        PID=params["pid"],
        PARENT_PID=params["parentPid"],
        APPLICATION_PATH=params["applicationPath"],
        SCRIPT_PATH=params["scriptPath"],
        SCRIPT_PARAMS=params["scriptParams"],
        OUTPUT_PATH=params["outputPath"],
        DEFAULT_TASK_TIMEOUT_SEC=_number("DEFAULT_TASK_TIMEOUT_SEC", 300),
        DEFAULT_TASK_MAX_MEMORY_MB=int(_number("DEFAULT_TASK_MAX_MEMORY_MB", 100)),
        RESOURCE_SERVER_LOCAL_PORT=int(_number("RESOURCE_SERVER_LOCAL_PORT", 18564)),
    )


# At the first use: this module may be imported before there is a task.
def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    _read()
    return globals()[name]


def __dir__() -> List[str]:
    return sorted({*globals(), *__all__})
