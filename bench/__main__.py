"""Runs the benchmarks named on the command line, or all of them, on a platform of their own."""

import argparse
import sys
import time
from collections.abc import Callable

from bench import bridge, child_start, container_cost, memory, output_volume, start_latency, stop_latency, throughput
from bench.harness import RESULTS, Report, save, table
from bench.workload import Workload, prepare
from tests.support.platform import ROOT, Platform, running_platform

BENCHES: dict[str, Callable[[Platform, Workload], Report]] = {
    "p1": start_latency.hello,
    "p1a": start_latency.hello_aiohttp,
    "p1c": container_cost.start,
    "p2": throughput.hello_tasks,
    "p3": child_start.children,
    "p4": bridge.bridge,
    "p5": output_volume.flood,
    "p7": memory.sleeping_tasks,
    "p10": stop_latency.stop,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(BENCHES)}")
    names = [name.lower() for name in parser.parse_args().names] or list(BENCHES)
    if unknown := [name for name in names if name not in BENCHES]:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    reports: list[tuple[str, Report]] = []
    for name in names:
        print(f"{name}: {(sys.modules[BENCHES[name].__module__].__doc__ or '').strip()}", flush=True)
        began = time.perf_counter()
        with running_platform() as platform:
            report = BENCHES[name](platform, prepare(platform))
        save(name, report, time.perf_counter() - began)
        reports.append((name, report))
    print()
    print(table(reports))
    print(f"\nRaw samples: {RESULTS.relative_to(ROOT)}/NAME.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
