"""P2: tasks with 8 in flight to the last closed, beside `xargs -P2`; what task queues do of it is shown, too."""

import subprocess
import threading
from queue import Empty, SimpleQueue

from bench.client import KeepAlive
from bench.harness import Comparison, Counts, Report, Samples, interleaved, timed
from bench.task_queues import task_queues
from bench.workload import Workload
from tests.support.platform import Platform

IN_FLIGHT = 8


def hello_tasks(platform: Platform, workload: Workload, counts: Counts) -> Report:
    """The task queues come after the pairs, so that they take nothing from them."""
    rounds, tasks = counts["rounds"], counts["tasks"]

    def ours() -> float:
        return timed(lambda: run_tasks(platform, workload.app.id, tasks))

    def theirs() -> float:
        return timed(lambda: run_bare(workload, tasks))

    first, second = interleaved(ours, theirs, rounds)
    task = Samples(f"{tasks} tasks, {IN_FLIGHT} in flight", "tasks/s", [tasks / value for value in first])
    bare = Samples(f"{tasks} bare runs, xargs -P2", "tasks/s", [tasks / value for value in second])
    queues = task_queues(workload, rounds, tasks)
    return Report(
        [task, bare, *queues],
        [
            Comparison.ratio("tasks / bare runs per second", task, bare, ">= 2.0"),
            *(Comparison.ratio(f"tasks / {one.label}", task, one) for one in queues),
        ],
    )


def run_tasks(platform: Platform, application_id: str, tasks: int) -> None:
    """Starts that many hello tasks, 8 at a time, and returns when the end of the last was read."""
    todo: SimpleQueue[int] = SimpleQueue()
    for number in range(tasks):
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


def run_bare(workload: Workload, runs: int) -> None:
    """The bare script that many times, two at a time."""
    numbers = "".join(f"{number}\n" for number in range(runs))
    command = ["xargs", "-P2", "-n1", *workload.bare("hello.py")]
    subprocess.run(command, input=numbers.encode(), stdout=subprocess.DEVNULL, env=workload.environment, check=True)
