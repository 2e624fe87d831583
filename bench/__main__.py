"""Runs the benchmarks named on the command line, or all of them, each on a platform of its own."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench import (
    bridge,
    child_start,
    container_cost,
    fibonacci,
    full_store,
    leak,
    memory,
    output_volume,
    start_latency,
    stop_latency,
    throughput,
    web_handlers,
)
from bench.harness import Counts, Report, Skipped
from bench.platforms import fresh_platform
from bench.results import RESULTS, Run, lines, save, table
from bench.workload import Workload, prepare
from tests.support.platform import ROOT, Platform


@dataclass(frozen=True)
class Bench:
    """A benchmark, and how much of it is usual; `--set NAME.COUNT=N` changes that."""

    measure: Callable[[Platform, Workload, Counts], Report]
    counts: Counts


BENCHES = {
    "p1": Bench(start_latency.hello, {"pairs": 200}),
    "p1a": Bench(start_latency.hello_aiohttp, {"pairs": 40}),
    "p1c": Bench(container_cost.start, {"rounds": 200}),
    "p2": Bench(throughput.hello_tasks, {"rounds": 3, "tasks": 500}),
    "p3": Bench(child_start.children, {"runs": 100}),
    "p4": Bench(bridge.bridge, {"pairs": 24, "rounds": 7}),
    "p5": Bench(output_volume.flood, {"rounds": 4}),
    "p6": Bench(web_handlers.hello, {}),
    "p7": Bench(memory.sleeping_tasks, {"tasks": 500}),
    "p8": Bench(full_store.full_store, {"pairs": 200, "finished": 10_000, "sleeping": 300}),
    "p9": Bench(fibonacci.children_in_a_row, {"pairs": 5, "children": 40}),
    "p10": Bench(stop_latency.stop, {"runs": 50}),
    "leak": Bench(leak.a_day, {"starts": 20_000, "warmup": 1000}),
}


def changed_counts(settings: Sequence[str]) -> dict[str, dict[str, int]]:
    """The counts of all benchmarks with `NAME.COUNT=N` put in. ValueError for a setting that there is not."""
    counts = {name: dict(bench.counts) for name, bench in BENCHES.items()}
    for setting in settings:
        key, _, value = setting.partition("=")
        name, _, count = key.lower().partition(".")
        if count not in counts.get(name, {}):
            known = ", ".join(f"{name}.{count}={n}" for name in counts for count, n in counts[name].items())
            raise ValueError(f"--set {setting}: there are {known}")
        if not value.isdecimal() or int(value) < 1:
            raise ValueError(f"--set {setting}: not a number from 1")
        counts[name][count] = int(value)
    return counts


def run_once(name: str, counts: Counts) -> Run:
    """One run on a new platform; it shows what was measured."""
    bench = BENCHES[name]
    print(f"{name}: {(sys.modules[bench.measure.__module__].__doc__ or '').strip()}", flush=True)
    began = time.perf_counter()
    try:
        with fresh_platform() as platform:
            report, skipped = bench.measure(platform, prepare(platform), counts), ""
    except Skipped as reason:
        report, skipped = Report([], []), str(reason)
    run = Run(report, time.perf_counter() - began, skipped)
    print("\n".join(lines(run)), flush=True)
    return run


def main() -> int:
    parser = argparse.ArgumentParser(prog="./appmanager bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(BENCHES)}")
    parser.add_argument("--runs", type=int, default=1, metavar="N", help="do it all N times (1)")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME.COUNT=N", help="how much of it, as leak.starts=2000"
    )
    arguments = parser.parse_args()
    names = list(dict.fromkeys(name.lower() for name in arguments.names)) or list(BENCHES)
    if unknown := [name for name in names if name not in BENCHES]:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    if arguments.runs < 1:
        parser.error("--runs: a number from 1")
    try:
        counts = changed_counts(arguments.set)
    except ValueError as problem:
        parser.error(str(problem))
    runs: dict[str, list[Run]] = {name: [] for name in names}
    # Run by run, not benchmark by benchmark: an hour of bad weather does not fall on one of them alone.
    for number in range(1, arguments.runs + 1):
        if arguments.runs > 1:
            print(f"--- run {number} of {arguments.runs}", flush=True)
        for name in names:
            runs[name].append(run_once(name, counts[name]))
            save(name, counts[name], runs[name])
    print()
    print(table(list(runs.items())))
    print(f"\nRaw samples: {RESULTS.relative_to(ROOT)}/NAME.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
