"""P1 and P1a: from POST /tasks to the first byte of the output, beside spawning the bare script."""

import time
from collections.abc import Callable

from bench.client import KeepAlive
from bench.harness import Comparison, Counts, Report, Samples, interleaved, milliseconds
from bench.quiet import Quiet
from bench.workload import Workload
from tests.support.platform import Platform

WARM_UP_PAIRS = 5


def hello(platform: Platform, workload: Workload, counts: Counts) -> Report:
    """P1: a script of one line."""
    return measure(platform, workload, "hello.py", counts["pairs"], "<= 0.15")


def hello_aiohttp(platform: Platform, workload: Workload, counts: Counts) -> Report:
    """P1a: a script whose imports take long."""
    return measure(platform, workload, "hello_aiohttp.py", counts["pairs"], "<= 0.10")


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
    """The task beside the bare script, both on the same machine in turn."""
    with KeepAlive(platform) as starter, KeepAlive(platform) as reader:
        return idle_and_back_to_back(
            lambda: first_byte(starter, reader, workload, script),
            lambda: workload.first_byte(script),
            pairs,
            (f"{script}: POST to first byte", f"{script}: bare, spawn to first byte"),
            (f"{script}: task / bare", target),
        )


def idle_and_back_to_back(
    ours: Callable[[], float],
    theirs: Callable[[], float],
    pairs: int,
    labels: tuple[str, str],
    ratio: tuple[str, str],
) -> Report:
    """Pairs of measurements (seconds), each on an idle machine; then as many one right after the other.

    Only the first has the target: `ratio` is what it is called and the target.
    """
    what, target = ratio
    interleaved(ours, theirs, WARM_UP_PAIRS)
    quiet = Quiet()
    idle = interleaved(ours, theirs, pairs, quiet.wait)
    busy = interleaved(ours, theirs, pairs)
    samples = [milliseconds(label, values) for label, values in zip(labels, idle, strict=True)]
    samples += [milliseconds(f"{label}, back to back", values) for label, values in zip(labels, busy, strict=True)]
    return Report(
        [*samples, Samples("the machine was not idle before", "% of them", [quiet.percent_in_vain])],
        [
            Comparison.ratio(what, samples[0], samples[1], target),
            Comparison.ratio(f"{what}, back to back", samples[2], samples[3]),
        ],
    )
