"""P4: the bridge to a task beside an aiohttp server without it (1 KiB texts), and websockify (64 KiB one way)."""

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator

from bench.client import KeepAlive
from bench.harness import Comparison, Report, Samples
from bench.websocket import BINARY, TEXT, WebSocket, frame
from bench.workload import Workload
from tests.support.platform import ROOT, Platform

ROUNDS = 7
ROUND_TRIPS = 2000
BLOCKS = 3000
TEXT_FRAME = frame(TEXT, b"x" * 1024)
BLOCK_BYTES = 64 * 1024
BLOCK_FRAME = frame(BINARY, bytes(BLOCK_BYTES))
WEBSOCKIFY = ROOT / "build/peers-venv/bin/websockify"
HOST = "127.0.0.1"


def bridge(platform: Platform, workload: Workload) -> Report:
    samples = [
        Samples("1 KiB text round trip over the bridge", "us"),
        Samples("the same, aiohttp server without it", "us"),
        Samples("64 KiB binary one way over the bridge", "MiB/s"),
        Samples("the same, websockify to a unix socket", "MiB/s"),
    ]
    peer = WEBSOCKIFY.exists()
    with contextlib.ExitStack() as stack:
        echo = stack.enter_context(task(platform, workload, "echo.py"))
        drain = stack.enter_context(task(platform, workload, "drain.py"))
        bare_echo = stack.enter_context(aiohttp_echo(workload))
        bare_drain = stack.enter_context(websockify(workload)) if peer else None
        for _ in range(ROUNDS):
            samples[0].values.append(round_trips(echo))
            samples[1].values.append(round_trips(bare_echo))
            samples[2].values.append(one_way(drain))
            if bare_drain is not None:
                samples[3].values.append(one_way(bare_drain))
    comparisons = [Comparison("round trips / aiohttp's", samples[1].median / samples[0].median, ">= 0.8")]
    if peer:
        comparisons.append(Comparison("one way / websockify's", samples[2].median / samples[3].median, ">= 2"))
    else:
        print("    websockify is not there (build/peers-venv): one way is measured without a peer")
        samples.pop()
    return Report(samples, comparisons)


Connect = Callable[[], WebSocket]


def round_trips(connect: Connect) -> float:
    """Microseconds of one, in the mean of many."""
    with connect() as socket:
        began = time.perf_counter()
        for _ in range(ROUND_TRIPS):
            socket.send(TEXT_FRAME)
            socket.receive()
        return (time.perf_counter() - began) / ROUND_TRIPS * 1e6


def one_way(connect: Connect) -> float:
    """MiB per second, until the receiver says that it has everything."""
    with connect() as socket:
        began = time.perf_counter()
        for _ in range(BLOCKS):
            socket.send(BLOCK_FRAME)
        assert socket.receive() == b"all"
        return BLOCKS * BLOCK_BYTES / (1 << 20) / (time.perf_counter() - began)


@contextlib.contextmanager
def task(platform: Platform, workload: Workload, script: str) -> Iterator[Connect]:
    with KeepAlive(platform) as client:
        pid = client.start(workload.app.id, script, {"timeout": -1, "bytes": BLOCKS * BLOCK_BYTES})
        yield lambda: WebSocket(HOST, platform.resource_port, f"/{pid}")
        client.stop(pid)


@contextlib.contextmanager
def process(workload: Workload, command: list[str]) -> Iterator[str]:
    """Runs it for the block; gives its first line."""
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=workload.environment
    ) as running:
        assert running.stdout is not None
        try:
            yield running.stdout.readline().strip()
        finally:
            running.terminate()


@contextlib.contextmanager
def aiohttp_echo(workload: Workload) -> Iterator[Connect]:
    with process(workload, workload.bare("echo_aiohttp.py")) as port:
        yield lambda: WebSocket(HOST, int(port), "/")


@contextlib.contextmanager
def websockify(workload: Workload) -> Iterator[Connect]:
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "drain.sock")
        with process(workload, [*workload.bare("drain_socket.py"), path, str(BLOCKS * BLOCK_BYTES)]) as said:
            assert said == "ready"
            port = free_port()
            command = [str(WEBSOCKIFY), f"{HOST}:{port}", f"--unix-target={path}"]
            with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
                try:
                    wait_until_it_listens(port)
                    yield lambda: WebSocket(HOST, port, "/")
                finally:
                    running.terminate()


def free_port() -> int:
    """Websockify takes no port 0; between this and its bind another process may take the port, which fails loudly."""
    import socket

    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def wait_until_it_listens(port: int) -> None:
    import socket

    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection((HOST, port)):
            return
        time.sleep(0.02)
    raise AssertionError("websockify does not listen after 30 s")
