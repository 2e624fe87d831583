"""What the task queues' programs share: the talk with the benchmark, a broker, programs that end with them."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

WORKERS = 2
READY_SEC = 30
STOP_SEC = 10


def script_arguments() -> tuple[list[str], dict[str, str]]:
    """What jobs.script() takes: command and environment, as the program's two arguments say in JSON."""
    command, environment = map(json.loads, sys.argv[1:])
    return command, environment


def answer(running: contextlib.AbstractContextManager[Callable[[str, int], None]]) -> None:
    """Answers `hello?` with `ready` or a reason why not, `WAY COUNT` with the seconds that it took; until the end.

    `running` has the queue ready in its block; what it gives does COUNT hellos and returns when the last is done.
    """
    said = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # workers print, too
    sys.stdin.readline()
    with contextlib.ExitStack() as stack:
        try:
            run = stack.enter_context(running)
        except (ImportError, FileNotFoundError, TimeoutError) as reason:
            print(reason, file=said)
            return
        print("ready", file=said)
        for line in sys.stdin:
            way, count = line.split()
            began = time.perf_counter()
            run(way, int(count))
            print(time.perf_counter() - began, file=said)


@contextlib.contextmanager
def program(command: list[str], executable: str | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A program for the block; its output goes where this one's errors go."""
    with subprocess.Popen(
        command, executable=executable, stdin=subprocess.DEVNULL, stdout=sys.stderr.fileno(), env=os.environ
    ) as running:
        try:
            yield running
        finally:
            running.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.wait(STOP_SEC)
            running.kill()


@contextlib.contextmanager
def redis_server(folder: str) -> Iterator[str]:
    """A Redis for the block on a unix socket, nothing kept on disk; the socket's path. FileNotFoundError without one.

    Debian's redis-tools, which start no service, have the same program under the name of redis-check-rdb.
    """
    found = shutil.which("redis-server") or shutil.which("redis-check-rdb")
    if found is None:
        raise FileNotFoundError("no redis-server here (Debian: redis-tools)")
    path = f"{folder}/redis.sock"
    command = ["redis-server", "--port", "0", "--unixsocket", path, "--save", "", "--appendonly", "no", "--dir", folder]
    with program(command, found):
        wait_until(Path(path).is_socket, "redis-server")
        yield path


def wait_until(holds: Callable[[], object], who: str, limit_sec: float = READY_SEC) -> None:
    """For what gives no event: looks every 5 ms. TimeoutError after the limit."""
    until = time.monotonic() + limit_sec
    while not holds():
        if time.monotonic() > until:
            raise TimeoutError(f"{who} was not ready within {limit_sec} s")
        time.sleep(0.005)
