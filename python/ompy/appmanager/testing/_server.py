"""The hypervisor's side of the task socket, a thread for each connection."""

from __future__ import annotations

import json
import select
import socket
import threading
from typing import Any, Callable, Dict, List, Optional, TypeVar

from ompy.appmanager import _channel, _frames
from ompy.appmanager.communication import TaskSocket
from ompy.appmanager.testing._state import Refusal, State, Status

T = TypeVar("T")

_LOOK_SEC = 0.02  # how often a request that waits looks whether its asker is still there


class Server:
    """Serves ``path`` until it is closed."""

    def __init__(self, state: State, path: str) -> None:
        self._state = state
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(path)
        self._listener.listen(128)
        self._threads: List[threading.Thread] = []
        self._connections: List[socket.socket] = []
        self._spawn(self._accept)

    def _spawn(self, target: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=target, args=arguments, name="FakePlatform", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:  # close() ends it
                return
            with self._state.changed:
                if self._state.over:
                    connection.close()
                    return
                self._connections.append(connection)
            self._spawn(self._serve, connection)

    def close(self) -> None:
        """Ends every connection and waits for the threads."""
        with self._state.changed:
            self._state.over = True
            self._state.changed.notify_all()
        for one in [self._listener, *self._connections]:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        for thread in self._threads:
            thread.join()
        for one in [self._listener, *self._connections]:
            one.close()

    def _serve(self, connection: socket.socket) -> None:
        leased: List[int] = []
        try:
            bridge = self._answer_all(connection, leased)
        except OSError:  # the task went away
            bridge = None
        with self._state.changed:
            self._state.leased.difference_update(leased)
            self._state.changed.notify_all()
            if bridge is None:
                self._connections.remove(connection)
                connection.close()
                return
            self._connections.append(bridge)
        self._spawn(_pump, bridge, connection)
        _pump(connection, bridge)

    def _answer_all(self, connection: socket.socket, leased: List[int]) -> Optional[socket.socket]:
        """Until the task ends the connection; or the other end of what has become a bridge connection."""
        frames = _frames.FrameReader()
        while True:
            while not frames.next():
                if frames.receive(connection) == 0:
                    return None
            request = json.loads(bytes(frames.payload))
            try:
                if request["request"] == "accept":
                    return self._accept_bridge(connection)
                answer = self._answer(request, connection, leased)
            except Refusal as refusal:
                _send(connection, {"error": {"code": refusal.code, "message": str(refusal)}})
                continue
            if answer is None:
                return None
            _send(connection, {"answer": answer})
            if request["request"] == "connect":
                return self._connected(request["pid"])

    def _answer(
        self, request: Dict[str, Any], connection: socket.socket, leased: List[int]
    ) -> Optional[Dict[str, Any]]:
        """None when the asker is gone."""
        state, name = self._state, request["request"]
        with state.changed:
            if state.refusals[name]:
                raise state.refusals[name].popleft()
            if name == "start":
                return state.start(request)
            if name == "stop":
                return state.stop(request["pid"])
            if name == "send":
                return state.send(request)
            if name == "status":
                state.statuses.append(Status(request["text"], request["progress"]))
                return {}
            if name == "wait":
                return self._wait(request["pid"], connection)
            if name == "read":
                sequence = self._until(state.lease, connection)
                if sequence is None:
                    return None
                leased.append(sequence)
                return {"sequence": sequence, "json": state.unread[sequence]}
            if name == "taken":
                state.unread.pop(request["sequence"], None)
                return {}
            if name == "connect":
                if state.known(request["pid"]).outcome is not None:
                    raise Refusal("gone", f"task {request['pid']} is over")
                return {}
        raise Refusal("invalid_argument", f"request: {name!r} is none")

    def _until(self, look: Callable[[], Optional[T]], connection: socket.socket) -> Optional[T]:
        """What ``look`` finds once it finds something; None when the asker is gone. Holding ``changed``."""
        while not self._state.over:
            found = look()
            if found is not None:
                return found
            self._state.changed.wait(_LOOK_SEC)
            ready, _, _ = select.select([connection], [], [], 0)
            if ready and not connection.recv(1, socket.MSG_PEEK):
                return None
        return None

    def _wait(self, pid: str, connection: socket.socket) -> Optional[Dict[str, Any]]:
        task = self._state.known(pid)
        outcome = self._until(lambda: task.outcome, connection)
        if outcome is None:
            return None
        shown = {
            "kind": outcome.kind,
            "exitCode": outcome.exit_code,
            "signal": outcome.signal,
            "message": outcome.message,
        }
        return {"state": "closed", "outcome": shown}

    def _accept_bridge(self, connection: socket.socket) -> Optional[socket.socket]:
        with self._state.changed:
            found = self._until(lambda: self._state.waiting.popleft() if self._state.waiting else None, connection)
        if found is None:
            return None
        far, peer = found
        _send(connection, {"answer": {"peer": peer}})
        frames = _frames.FrameReader()
        while not frames.next():
            if frames.receive(connection) == 0:  # it gave up: the next accept gets it
                with self._state.changed:
                    self._state.waiting.appendleft(found)
                    self._state.changed.notify_all()
                return None
        far.sendall(frames.rest())
        return far

    def _connected(self, pid: str) -> socket.socket:
        """Gives the other end to accept() of the platform."""
        near, far = socket.socketpair()
        with self._state.changed:
            self._state.accepted[pid].append(task_socket(near, f"task {self._state.pid}"))
            self._state.changed.notify_all()
        return far


def task_socket(sock: socket.socket, peer: str) -> TaskSocket:
    """A TaskSocket on a socket that is connected already."""
    connection = _channel.Connection.__new__(_channel.Connection)
    connection.sock = sock
    connection.frames = _frames.FrameReader()
    return TaskSocket(connection, peer)


def _send(connection: socket.socket, value: Dict[str, Any]) -> None:
    connection.sendall(_frames.encode(_frames.CONTROL, json.dumps(value).encode()))


def _pump(source: socket.socket, sink: socket.socket) -> None:
    """All bytes, then the end."""
    try:
        while True:
            data = source.recv(256 * 1024)
            if not data:
                break
            sink.sendall(data)
    except OSError:
        pass
    for one, way in ((sink, socket.SHUT_WR), (source, socket.SHUT_RD)):
        try:
            one.shutdown(way)
        except OSError:
            pass
