"""The fake platform as its users see it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import tempfile
import time
import uuid
from types import TracebackType
from typing import Any, Callable, Dict, List, Optional, Type

from ompy.appmanager import variables
from ompy.appmanager.communication import TaskSocket
from ompy.appmanager.testing._server import Server, task_socket
from ompy.appmanager.testing._state import FakeTask, Refusal, Script, SentMessage, State, Status

_NAMES = {
    "PID": "pid",
    "PARENT_PID": "parentPid",
    "APPLICATION_PATH": "applicationPath",
    "SCRIPT_PATH": "scriptPath",
    "SCRIPT_PARAMS": "scriptParams",
    "OUTPUT_PATH": "outputPath",
}


class FakePlatform:
    """While it is entered, this process and its children are a task: the one under test.

    ``params``: its ``scriptParams``. ``pid`` and ``parent_pid``: its own and its parent's id; a new UUID and None.
    ``TASK_PARAMS`` is changed in place, so scripts that were imported before see it, too.
    """

    def __init__(
        self, params: Optional[Dict[str, Any]] = None, *, pid: Optional[str] = None, parent_pid: Optional[str] = None
    ) -> None:
        self.pid = pid or str(uuid.uuid4())
        self._params = dict(params or {})
        self._parent_pid = parent_pid
        self._state = State(self.pid)
        self._former: Dict[str, Any] = {}
        self._former_socket: Optional[str] = None

    # --- the task under test -------------------------------------------------------------------------------------

    def __enter__(self) -> FakePlatform:
        self._folder = tempfile.mkdtemp(prefix="am-fake-")
        path = os.path.join(self._folder, "task.sock")
        self._server = Server(self._state, path)
        self._former_socket = os.environ.get("AM_TASK_SOCKET")
        os.environ["AM_TASK_SOCKET"] = path
        self._former = dict(variables.TASK_PARAMS)
        self._set_variables(
            {
                "pid": self.pid,
                "parentPid": self._parent_pid,
                "applicationPath": os.getcwd(),
                "scriptPath": None,
                "scriptParams": self._params,
                "outputPath": self._folder,
            }
        )
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self._set_variables(self._former)
        if self._former_socket is None:
            os.environ.pop("AM_TASK_SOCKET", None)
        else:
            os.environ["AM_TASK_SOCKET"] = self._former_socket
        self._server.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    @staticmethod
    def _set_variables(values: Dict[str, Any]) -> None:
        variables.TASK_PARAMS.clear()
        variables.TASK_PARAMS.update(values)
        for name, key in _NAMES.items():
            setattr(variables, name, values[key])

    # --- what happens to it --------------------------------------------------------------------------------------

    def add_script(self, script: str, ending: Script) -> None:
        """Makes a script, by path or id, that run_am_script() can start; see :data:`Script` for how it ends."""
        with self._state.changed:
            self._state.scripts[script] = ending

    def refuse(self, request: str, code: str, message: str = "refused by the test") -> None:
        """The next such request (``start``, ``wait``, ``stop``, ``send``, ``status``, ``read``, ``connect``) fails."""
        with self._state.changed:
            self._state.refusals[request].append(Refusal(code, message))

    def send_json(self, value: Any) -> None:
        """A message that read_json_from_observer() reads."""
        with self._state.changed:
            self._state.post(json.dumps(value))

    def connect(self, peer: str = "127.0.0.1:1") -> TaskSocket:
        """Connects to the task, which takes it with wait_for_socket_from_web(). What is sent before waits for it."""
        near, far = socket.socketpair()
        with self._state.changed:
            self._state.waiting.append((far, peer))
            self._state.changed.notify_all()
        return task_socket(near, f"task {self.pid}")

    def accept(self, pid: str, timeout: float = 10.0) -> TaskSocket:
        """The other end of the task's next connect_to_task(pid); TimeoutError after ``timeout`` seconds."""

        def next_one() -> Optional[TaskSocket]:
            queue = self._state.accepted[pid]
            return queue.popleft() if queue else None

        return self._wait_for(next_one, timeout, f"a connection to task {pid}")

    def finish(self, pid: str, ending: Any) -> None:
        """Ends a child with that Outcome, before its function does."""
        with self._state.changed:
            self._state.finish(self._state.known(pid), ending)

    # --- what it asked -------------------------------------------------------------------------------------------

    @property
    def started(self) -> List[FakeTask]:
        """The children, in the order of their starts."""
        with self._state.changed:
            return list(self._state.tasks.values())

    @property
    def sent(self) -> List[SentMessage]:
        """What send_json_to_task() sent, in order."""
        with self._state.changed:
            return list(self._state.sent)

    @property
    def statuses(self) -> List[Status]:
        """What set_status() said, in order."""
        with self._state.changed:
            return list(self._state.statuses)

    @property
    def unread(self) -> List[Any]:
        """The messages that were not read yet."""
        with self._state.changed:
            return [json.loads(text) for text in self._state.unread.values()]

    def _wait_for(self, look: Callable[[], Optional[TaskSocket]], timeout: float, what: str) -> TaskSocket:
        deadline = time.monotonic() + timeout
        with self._state.changed:
            while True:
                found = look()
                if found is not None:
                    return found
                if not self._state.changed.wait(deadline - time.monotonic()) and time.monotonic() >= deadline:
                    raise TimeoutError(f"{what}: not within {timeout:g} s")
