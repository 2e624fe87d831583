"""P2: 500 tasks with 8 in flight to the last closed, beside `xargs -P2`."""

import subprocess
import threading
from queue import Empty, SimpleQueue

from bench.client import KeepAlive
from bench.harness import Comparison, Report, Samples, interleaved, timed
from bench.workload import Workload
from tests.support.platform import Platform

TASKS = 500
IN_FLIGHT = 8
ROUNDS = 3


def hello_tasks(platform: Platform, workload: Workload) -> Report:
    def ours() -> float:
        return timed(lambda: run_tasks(platform, workload.app.id))

    def theirs() -> float:
        return timed(lambda: run_bare(workload))

    first, second = interleaved(ours, theirs, ROUNDS)
    task = Samples(f"{TASKS} tasks, {IN_FLIGHT} in flight", "tasks/s", [TASKS / value for value in first])
    bare = Samples(f"{TASKS} bare runs, xargs -P2", "tasks/s", [TASKS / value for value in second])
    return Report([task, bare], [Comparison("tasks / bare runs per second", task.median / bare.median, ">= 2.0")])


def run_tasks(platform: Platform, application_id: str) -> None:
    todo: SimpleQueue[int] = SimpleQueue()
    for number in range(TASKS):
        todo.put(number)
    failures: list[str] = []

    def worker() -> None:
        try:
            with KeepAlive(platform) as client:
                while True:
                    todo.get_nowait()
                    client.follow(client.start(application_id, "hello.py"))
                    client.read_to_end()
        except Empty:
            return
        except Exception as problem:
            failures.append(repr(problem))

    threads = [threading.Thread(target=worker) for _ in range(IN_FLIGHT)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures


def run_bare(workload: Workload) -> None:
    numbers = "".join(f"{number}\n" for number in range(TASKS))
    command = ["xargs", "-P2", "-n1", *workload.bare("hello.py")]
    subprocess.run(command, input=numbers.encode(), stdout=subprocess.DEVNULL, env=workload.environment, check=True)
