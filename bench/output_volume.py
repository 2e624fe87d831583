"""P5: 1 GB printed with nobody, one and one stalled reader, beside the bare script into a file."""

import os
import subprocess
import time
from collections import deque
from pathlib import Path

from bench.client import KeepAlive
from bench.harness import Comparison, Counts, Report, Samples
from bench.workload import Workload
from tests.support.platform import Platform

MB = 1_000_000


def flood(platform: Platform, workload: Workload, counts: Counts) -> Report:
    """The four ways in turn, each round in another order."""
    names = ["nobody reads", "one reader", "one stalled reader"]
    speed = {name: Samples(f"1 GB, {name}", "MB/s") for name in [*names, "bare, into a file"]}
    growth = {name: Samples(f"memory growth of the daemons, {name}", "MB") for name in names}
    order = deque(speed)
    for _ in range(counts["rounds"]):
        for name in order:
            level_field(workload)
            if name in growth:
                took, grown = one_flood(platform, workload, name)
                growth[name].values.append(grown)
            else:
                took = bare_flood(workload)
            speed[name].values.append(1000 / took)
        order.rotate()  # nobody is always the first
    bare = speed["bare, into a file"]
    comparisons = [Comparison.ratio(f"{name} / bare", speed[name], bare, ">= 0.7") for name in names]
    stalled, nobody = speed["one stalled reader"], speed["nobody reads"]
    comparisons.append(Comparison.ratio("stalled / nobody", stalled, nobody, ">= 0.95"))
    comparisons.append(Comparison("largest growth", max(max(one.values) for one in growth.values()), "<= 16", "MB"))
    return Report([*speed.values(), *growth.values()], comparisons)


def level_field(workload: Workload) -> None:
    """What came before decides how fast the next 1 GB can be written; this makes it the same for all.

    What the last one wrote goes to the disk. Then a file of the same size is written and removed: a virtual machine
    has to ask its host for memory that it has not used lately, which makes writing into it ten times slower.
    """
    os.sync()
    bare_flood(workload)


def one_flood(platform: Platform, workload: Workload, who: str) -> tuple[float, float]:
    """Seconds to the end of the task, and by how many MB the daemons' memory rose above what it was before."""
    daemons = [platform.manager_pid, platform.hypervisor_pid]
    before = sum(reset_peak(one) for one in daemons)
    with KeepAlive(platform) as client, KeepAlive(platform) as end, KeepAlive(platform) as stalled:
        began = time.perf_counter()
        pid = client.start(workload.app.id, "flood.py")
        if who == "one stalled reader":
            stalled.follow(pid)
        if who == "one reader":
            client.follow(pid)
            client.read_to_end()
        else:
            # Past the end of the output only the record of the end comes.
            end.follow(pid, 10**15)
            end.read_to_end()
        took = time.perf_counter() - began
        task = client.get(f"/api/v1/tasks/{pid}")
    assert task["outcome"]["kind"] == "exited", task["outcome"]
    assert task["usage"]["outputBytes"] > 990 * MB
    return took, (sum(peak(one) for one in daemons) - before) / MB


def bare_flood(workload: Workload) -> float:
    """Seconds of the bare script, its output into a file."""
    target = workload.folder / "flood.out"
    with target.open("wb") as sink:
        began = time.perf_counter()
        subprocess.run(
            workload.bare("flood.py"), stdin=subprocess.DEVNULL, stdout=sink, env=workload.environment, check=True
        )
        took = time.perf_counter() - began
    target.unlink()
    return took


def reset_peak(process_id: int) -> int:
    """Makes the highest resident size count from now on; gives the present one in bytes."""
    Path(f"/proc/{process_id}/clear_refs").write_text("5")
    return peak(process_id)


def peak(process_id: int) -> int:
    """The highest resident size since reset_peak(), in bytes."""
    for line in Path(f"/proc/{process_id}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise AssertionError(f"process {process_id} has no VmHWM")
