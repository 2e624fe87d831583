"""P7: memory per sleeping task beyond the interpreter itself."""

from bench.full_store import start_sleeping, stop_all
from bench.harness import Comparison, Counts, Report, Samples
from bench.workload import Workload
from tests.support import processes
from tests.support.platform import Platform

MIB = 1024 * 1024


def sleeping_tasks(platform: Platform, workload: Workload, counts: Counts) -> Report:
    """Proportional set sizes, in MiB for each task."""
    tasks = counts["tasks"]
    daemons = {"manager": platform.manager_pid, "hypervisor": platform.hypervisor_pid}
    before = {name: processes.pss_bytes(one) for name, one in daemons.items()}
    pids = start_sleeping(platform, workload, tasks)
    after = {name: processes.pss_bytes(one) for name, one in daemons.items()}
    observers = [processes.pss_bytes(one) for one in observer_processes(platform)]
    stop_all(platform, pids)
    assert len(observers) >= tasks, f"{len(observers)} observers for {tasks} tasks"
    growth = {name: (after[name] - before[name]) / tasks / MIB for name in daemons}
    each = sum(observers) / tasks / MIB
    samples = [
        Samples("observer", "MiB/task", [each]),
        *(Samples(f"{name}, growth", "MiB/task", [value]) for name, value in growth.items()),
    ]
    return Report(samples, [Comparison("observer and growth", each + sum(growth.values()), "<= 1", "MiB/task")])


def observer_processes(platform: Platform) -> list[int]:
    """Process ids, those of waiting interpreters among them."""
    return [
        found.process_id
        for found in processes.processes_of(str(platform.data))
        if "am-observer" in found.command.split(" ")[0]
    ]
