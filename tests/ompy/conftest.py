"""A raw server in the place of the hypervisor."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest

from tests.ompy.raw_server import RawServer, Wire

Serve = Callable[[Callable[[Wire], None]], RawServer]


@pytest.fixture
def socket_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "task.sock"
    monkeypatch.setenv("AM_TASK_SOCKET", str(path))
    return path


@pytest.fixture
def serve(socket_path: Path) -> Iterator[Serve]:
    """Call it with what each connection gets; the server stops at the test's end, and fails it when a handler did."""
    with ExitStack() as stack:

        def start(handler: Callable[[Wire], None]) -> RawServer:
            server: AbstractContextManager[RawServer] = RawServer(socket_path, handler)
            return stack.enter_context(server)

        yield start
