"""P1 and P1a: from POST /tasks to the first byte of the output, beside spawning the bare script."""

import time

from bench.client import KeepAlive
from bench.harness import Comparison, Report, Samples, interleaved
from bench.workload import Workload
from tests.support.platform import Platform


def hello(platform: Platform, workload: Workload) -> Report:
    return measure(platform, workload, "hello.py", 200, "<= 0.15")


def hello_aiohttp(platform: Platform, workload: Workload) -> Report:
    return measure(platform, workload, "hello_aiohttp.py", 40, "<= 0.10")


def first_byte(starter: KeepAlive, reader: KeepAlive, workload: Workload, script: str) -> float:
    """Seconds from the request to the first byte of the task's output; its end is waited for, but not counted."""
    began = time.perf_counter()
    pid = starter.start(workload.app.id, script)
    reader.follow(pid)
    reader.read_until(b"Hello world!")
    took = time.perf_counter() - began
    reader.read_to_end()
    return took


def measure(platform: Platform, workload: Workload, script: str, pairs: int, target: str) -> Report:
    with KeepAlive(platform) as starter, KeepAlive(platform) as reader:

        def ours() -> float:
            return first_byte(starter, reader, workload, script)

        def theirs() -> float:
            return workload.first_byte(script)

        interleaved(ours, theirs, 5)  # warms both up
        first, second = interleaved(ours, theirs, pairs)
    task = Samples(f"{script}: POST to first byte", "ms", [value * 1000 for value in first])
    bare = Samples(f"{script}: bare, spawn to first byte", "ms", [value * 1000 for value in second])
    return Report([task, bare], [Comparison(f"{script}: task / bare", task.median / bare.median, target)])
