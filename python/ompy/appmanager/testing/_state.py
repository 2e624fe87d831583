"""What the fake platform knows and was asked; all of it guarded by one condition."""

from __future__ import annotations

import collections
import json
import socket
import threading
from dataclasses import dataclass, field
from typing import Any, Callable, DefaultDict, Deque, Dict, List, Optional, Set, Tuple, Union

from ompy.appmanager.communication import Outcome, TaskSocket

#: How a child ends: given beforehand, or by a function of its parameters that runs in a thread. Such a function returns
#: an Outcome, an exit code, or None for 0; an exception is exit code 1 with its text.
Script = Union[Outcome, Callable[[Dict[str, Any]], Union[Outcome, int, None]]]


@dataclass
class FakeTask:
    """A child task that was started; ``outcome`` is None while it runs."""

    pid: str
    script: str
    params: Dict[str, Any]
    outcome: Optional[Outcome] = None
    stopped: bool = False


@dataclass(frozen=True)
class SentMessage:
    """What send_json_to_task() sent."""

    pid: str
    value: Any


@dataclass(frozen=True)
class Status:
    """What set_status() said."""

    text: str
    progress: Optional[float]


class Refusal(Exception):
    """An error answer."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def _queues() -> DefaultDict[str, Deque[Any]]:
    return collections.defaultdict(collections.deque)


@dataclass
class State:
    """Change it only while holding ``changed``, and notify."""

    pid: str
    changed: threading.Condition = field(default_factory=threading.Condition)
    scripts: Dict[str, Script] = field(default_factory=dict)
    tasks: Dict[str, FakeTask] = field(default_factory=dict)
    sent: List[SentMessage] = field(default_factory=list)
    sent_ids: Set[str] = field(default_factory=set)
    statuses: List[Status] = field(default_factory=list)
    unread: Dict[int, str] = field(default_factory=dict)
    leased: Set[int] = field(default_factory=set)
    last_sequence: int = 0
    waiting: Deque[Tuple[socket.socket, str]] = field(default_factory=collections.deque)  # peers and their names
    accepted: DefaultDict[str, Deque[TaskSocket]] = field(default_factory=_queues)
    refusals: DefaultDict[str, Deque[Refusal]] = field(default_factory=_queues)
    over: bool = False

    def start(self, request: Dict[str, Any]) -> Dict[str, Any]:
        """Runs the script in a thread, or ends it at once when its outcome is given."""
        script, pid = request["script"], request["childPid"]
        if pid in self.tasks:
            return {"pid": pid}
        if script not in self.scripts:
            raise Refusal("not_found", f"script: there is no {script!r}; add_script() gives the platform one")
        params = json.loads(request["params"])
        if not isinstance(params, dict):
            raise Refusal("invalid_argument", "params: must be a JSON object")
        task = FakeTask(pid, script, params)
        self.tasks[pid] = task
        ending = self.scripts[script]
        if isinstance(ending, Outcome):
            self.finish(task, ending)
        else:
            threading.Thread(target=self._run, args=(task, ending), name=script, daemon=True).start()
        return {"pid": pid}

    def _run(self, task: FakeTask, function: Callable[[Dict[str, Any]], Union[Outcome, int, None]]) -> None:
        try:
            result = function(task.params)
        except Exception as error:
            result = Outcome("exited", 1, None, f"{type(error).__name__}: {error}")
        with self.changed:
            self.finish(task, result if isinstance(result, Outcome) else Outcome("exited", result or 0))

    def finish(self, task: FakeTask, outcome: Outcome) -> None:
        """The first end counts."""
        if task.outcome is None:
            task.outcome = outcome
            self.changed.notify_all()

    def known(self, pid: str) -> FakeTask:
        """The child of that pid; Refusal when there is none."""
        if pid not in self.tasks:
            raise Refusal("not_found", f"pid: there is no task {pid}")
        return self.tasks[pid]

    def stop(self, pid: str) -> Dict[str, Any]:
        """Ends it as ``stopped``; a function that runs for it runs on, unheard."""
        task = self.known(pid)
        if task.outcome is not None:
            raise Refusal("conflict", f"task {pid} is closed already")
        task.stopped = True
        self.finish(task, Outcome("stopped", None, 15, "stopped by the task under test"))
        return {"message": "stopping"}

    def send(self, request: Dict[str, Any]) -> Dict[str, Any]:
        """Records a message; one to the task under test itself can be read by it."""
        if request["id"] in self.sent_ids:
            return {}
        if request["pid"] == self.pid:
            self.post(request["json"])
        elif self.known(request["pid"]).outcome is not None:
            raise Refusal("conflict", f"task {request['pid']} is closed")
        self.sent_ids.add(request["id"])
        self.sent.append(SentMessage(request["pid"], json.loads(request["json"])))
        return {}

    def post(self, text: str) -> None:
        """Another message to the task under test."""
        self.last_sequence += 1
        self.unread[self.last_sequence] = text
        self.changed.notify_all()

    def lease(self) -> Optional[int]:
        """The next message that nobody reads at the moment."""
        for sequence in self.unread:
            if sequence not in self.leased:
                self.leased.add(sequence)
                return sequence
        return None
