"""The loopback of the task container: nobody outside reaches it, and it reaches nobody's outside."""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.support.api import Api, App
from tests.support.attacks import attempted, attempts, with_helpers
from tests.support.code_tasks import hearing, start_code
from tests.support.containers import needs_container
from tests.support.platform import Platform

pytestmark = needs_container


@contextmanager
def listening(family: int, address: Any) -> Iterator[socket.socket]:
    """A server of the machine that answers nobody, but would accept."""
    with socket.socket(family) as server:
        server.bind(address)
        server.listen(8)
        server.setblocking(False)
        yield server


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.0.2.2", "10.0.2.3", "0.0.0.0", "127.0.1.1"])
async def test_the_machines_loopback_is_another(platform: Platform, api: Api, kit: App, host: str) -> None:
    """A server of the test's own, and the manager; 10.0.2.2 is where slirp4netns would show the machine's."""
    with listening(socket.AF_INET, ("127.0.0.1", 0)) as server:
        ports = [server.getsockname()[1], int(platform.url.rpartition(":")[2]), platform.ipc_port]
        code = "for port in params['ports']: attempt(fetch, params['host'], port)"
        outcomes = await attempts(api, kit, code, host=host, ports=ports)
        assert set(outcomes) <= {"ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH", "ETIMEDOUT", "ECONNRESET"}
        with pytest.raises(BlockingIOError):
            server.accept()


async def test_the_machines_abstract_sockets_are_others(api: Api, kit: App) -> None:
    with listening(socket.AF_UNIX, f"\0am-test-{os.getpid()}") as server:
        address = str(server.getsockname(), "utf-8") if isinstance(server.getsockname(), bytes) else ""
        outcome = await attempted(api, kit, "socket.socket(socket.AF_UNIX).connect(params['address'])", address=address)
        assert outcome == "ECONNREFUSED"
        with socket.socket(socket.AF_UNIX) as ours:  # here it is there
            ours.connect(address)


async def test_outgoing_connections_work(api: Api, kit: App) -> None:
    """To a server on an address that the machine shows to others."""
    *_, address = own_addresses()
    if address == "127.0.0.1":
        pytest.skip("this machine has no network")

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"from outside")
        writer.close()

    server = await asyncio.start_server(answer, address, 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        outcome = await attempted(api, kit, "fetch(params['host'], params['port'])", host=address, port=port)
        assert outcome == "succeeded: 'from outside'"


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", ""])
async def test_a_server_inside_is_not_reached_from_outside(api: Api, kit: App, host: str) -> None:
    serve = """
    with socket.create_server((params["host"], 0)) as server:
        say(server.getsockname()[1])
        connection, _ = server.accept()
        with connection:
            connection.sendall(b"from inside")
    """
    pid = await start_code(api, kit, with_helpers(serve), host=host)
    async with hearing(api, pid) as server:
        port = await server.next()
        for outside in own_addresses():
            with pytest.raises(OSError):
                await asyncio.wait_for(asyncio.open_connection(outside, port), 10)
        # The same server is there for those inside.
        assert await attempted(api, kit, f"fetch('127.0.0.1', {port})") == "succeeded: 'from inside'"
    await api.closed(pid)


def own_addresses() -> list[str]:
    """Of this machine: loopback, and the one that it goes out with."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing
        except OSError:
            return ["127.0.0.1"]
        return ["127.0.0.1", str(probe.getsockname()[0])]
