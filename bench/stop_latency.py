"""P10: from the stop to the last process of the tree gone; the script does not ignore TERM."""

import os
import select
import time

from bench.client import KeepAlive
from bench.harness import Comparison, Counts, Report, Samples
from bench.workload import Workload
from tests.support import processes
from tests.support.platform import Platform


def stop(platform: Platform, workload: Workload, counts: Counts) -> Report:
    """The ends are seen by pidfd."""
    samples = Samples("stop to the last process gone", "ms")
    with KeepAlive(platform) as client, KeepAlive(platform) as reader:
        for _ in range(counts["runs"]):
            pid = client.start(workload.app.id, "sleep.py")
            reader.follow(pid)
            reader.read_until(b"asleep")
            ours = [one.process_id for one in processes.processes_of(pid) if "am-observer" not in one.command]
            assert ours, "the task has no process"
            watched = [os.pidfd_open(one) for one in ours]
            began = time.perf_counter()
            client.stop(pid)
            for one in watched:
                ready, _, _ = select.select([one], [], [], 10)
                assert ready, "still there after 10 s"
            samples.values.append((time.perf_counter() - began) * 1000)
            for one in watched:
                os.close(one)
            reader.read_to_end()
    return Report([samples], [Comparison("stop to the last process gone", samples.median, "<= 100", "ms")])
