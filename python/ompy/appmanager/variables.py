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
    from typing import Any, Dict, Optional

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


TASK_PARAMS: Dict[str, Any] = _read_task_params()

PID: Optional[str] = TASK_PARAMS["pid"]
PARENT_PID: Optional[str] = TASK_PARAMS["parentPid"]
APPLICATION_PATH: Optional[str] = TASK_PARAMS["applicationPath"]
SCRIPT_PATH: Optional[str] = TASK_PARAMS["scriptPath"]
SCRIPT_PARAMS: Dict[str, Any] = TASK_PARAMS["scriptParams"]
OUTPUT_PATH: Optional[str] = TASK_PARAMS["outputPath"]

#: Seconds that a task may run when it is started without ``timeout``; below 0: no limit.
DEFAULT_TASK_TIMEOUT_SEC: float = _number("DEFAULT_TASK_TIMEOUT_SEC", 300)
#: Megabytes that a task may take with its children when it is started without ``memoryLimit``.
DEFAULT_TASK_MAX_MEMORY_MB: int = int(_number("DEFAULT_TASK_MAX_MEMORY_MB", 100))
#: Port of the hypervisor's WebSocket server on 127.0.0.1.
RESOURCE_SERVER_LOCAL_PORT: int = int(_number("RESOURCE_SERVER_LOCAL_PORT", 18564))
