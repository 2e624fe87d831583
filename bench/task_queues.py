"""celery, rq and dask as they come, two workers each: how many hellos a second they do."""

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from bench.harness import Samples
from bench.workload import Workload
from tests.support import processes
from tests.support.files import WaitedTooLong
from tests.support.platform import ROOT

PYTHON = ROOT / "build/peers-venv/bin/python"
NAMES = ["celery", "rq", "dask"]
# What a worker does for one hello.
WAYS = {"function": "a function of the worker", "script": "python hello.py by subprocess.run"}
READY_SEC = 60
STOP_SEC = 20


class PeerMissing(Exception):
    """Why there is nothing to compare with."""


@dataclass
class Queue:
    """A task queue with its workers, run by a program of its own (bench/peers)."""

    name: str
    driver: subprocess.Popen[str]

    def ask(self, request: str) -> str:
        """One line there, one back."""
        assert self.driver.stdin is not None and self.driver.stdout is not None
        self.driver.stdin.write(request + "\n")
        self.driver.stdin.flush()
        answer = self.driver.stdout.readline().strip()
        assert answer, f"{self.name} went away"
        return answer

    def run(self, way: str, count: int) -> float:
        """Seconds from handing over the first to having the last one's result."""
        return float(self.ask(f"{way} {count}"))


def task_queues(workload: Workload, rounds: int, tasks: int) -> list[Samples]:
    """Tasks per second for each queue that is installed, and each way; the others are named and left out."""
    samples: list[Samples] = []
    for name in NAMES:
        try:
            with queue(name, workload) as running:
                both = {way: Samples(f"{name}, {what}", "tasks/s") for way, what in WAYS.items()}
                for way in both:
                    running.run(way, 20)  # warms up
                for _ in range(rounds):
                    for way, one in both.items():
                        one.values.append(tasks / running.run(way, tasks))
                samples += both.values()
        except PeerMissing as reason:
            print(f"    without {name}: {reason}", flush=True)
    return samples


@contextlib.contextmanager
def queue(name: str, workload: Workload) -> Iterator[Queue]:
    """A queue with its workers for the block; nothing of it is left after that."""
    if not PYTHON.exists():
        raise PeerMissing("build/peers-venv is not there")
    hello = [json.dumps(workload.bare("hello.py")), json.dumps(workload.environment)]
    # A session of its own: whatever the workers start can be ended by its number.
    with subprocess.Popen(
        [str(PYTHON), "-m", f"bench.peers.{name}_peer", *hello],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL if "AM_BENCH_VERBOSE" not in os.environ else None,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        start_new_session=True,
    ) as driver:
        running = Queue(name, driver)
        try:
            said = running.ask("hello?")
            if said != "ready":
                raise PeerMissing(said)
            yield running
        finally:
            end(driver)


def end(driver: subprocess.Popen[str]) -> None:
    """The end of its input tells it to stop; what is left of its session after 20 s is killed, and that is an error."""
    assert driver.stdin is not None
    with contextlib.suppress(BrokenPipeError):
        driver.stdin.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        driver.wait(STOP_SEC)
    try:
        # Helpers of its, which end by themselves when it is gone; they are nobody's children here.
        processes.eventually(lambda: not group_exists(driver.pid), "the end of the workers", STOP_SEC)
    except WaitedTooLong:
        os.killpg(driver.pid, signal.SIGKILL)
        raise


def group_exists(number: int) -> bool:
    """Whether a process is left in that process group."""
    try:
        os.killpg(number, 0)
    except ProcessLookupError:
        return False
    return True
