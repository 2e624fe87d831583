"""P4: the bridge to a task beside an aiohttp server without it (1 KiB texts), and websockify (64 KiB one way)."""

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator

from bench.client import KeepAlive
from bench.harness import Comparison, Counts, Report, Samples, interleaved
from bench.websocket import BINARY, TEXT, WebSocket, frame
from bench.workload import Workload
from tests.support.platform import ROOT, Platform

ROUND_TRIPS = 2000
BLOCKS = 3000
TEXT_FRAME = frame(TEXT, b"x" * 1024)
BLOCK_BYTES = 64 * 1024
BLOCK_FRAME = frame(BINARY, bytes(BLOCK_BYTES))
WEBSOCKIFY = ROOT / "build/peers-venv/bin/websockify"
HOST = "127.0.0.1"


def bridge(platform: Platform, workload: Workload, counts: Counts) -> Report:
    """The four in turn; all servers live from the beginning to the end."""
    samples = [
        Samples("1 KiB text round trips over the bridge", "/s"),
        Samples("the same, aiohttp server without it", "/s"),
        Samples("64 KiB binary one way over the bridge", "MiB/s"),
        Samples("the same, websockify to a unix socket", "MiB/s"),
    ]
    peer = WEBSOCKIFY.exists()
    with contextlib.ExitStack() as stack:
        echo = stack.enter_context(task(platform, workload, "echo.py"))
        drain = stack.enter_context(task(platform, workload, "drain.py"))
        bare_echo = stack.enter_context(aiohttp_echo(workload))
        bare_drain = stack.enter_context(websockify(workload)) if peer else None
        # Many pairs: whether the processes share a processor for a while makes a round trip five times faster or not.
        pairs = interleaved(lambda: round_trips(echo), lambda: round_trips(bare_echo), counts["pairs"])
        samples[0].values, samples[1].values = pairs
        if bare_drain is None:
            samples[2].values = [one_way(drain) for _ in range(counts["rounds"])]
        else:
            pairs = interleaved(lambda: one_way(drain), lambda: one_way(bare_drain), counts["rounds"])
            samples[2].values, samples[3].values = pairs
    comparisons = [Comparison.ratio("round trips / aiohttp's", samples[0], samples[1], ">= 0.8")]
    if peer:
        comparisons.append(Comparison.ratio("one way / websockify's", samples[2], samples[3], ">= 2"))
    else:
        print("    websockify is not there (build/peers-venv): one way is measured without a peer")
        samples.pop()
    return Report(samples, comparisons)


Connect = Callable[[], WebSocket]


def round_trips(connect: Connect) -> float:
    """How many in a second."""
    with connect() as socket:
        began = time.perf_counter()
        for _ in range(ROUND_TRIPS):
            socket.send(TEXT_FRAME)
            socket.receive()
        return ROUND_TRIPS / (time.perf_counter() - began)


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
    """A task that serves WebSockets, for the block."""
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
    """The peer of the round trips, for the block."""
    with process(workload, workload.bare("echo_aiohttp.py")) as port:
        yield lambda: WebSocket(HOST, int(port), "/")


@contextlib.contextmanager
def websockify(workload: Workload) -> Iterator[Connect]:
    """The peer of the blocks one way, for the block."""
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
    """Looks again every 20 ms: websockify does not say when it is ready. AssertionError after 30 s."""
    import socket

    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection((HOST, port)):
            return
        time.sleep(0.02)
    raise AssertionError("websockify does not listen after 30 s")
