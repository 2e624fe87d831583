"""P7: memory per sleeping task beyond the interpreter itself."""

from bench.client import KeepAlive
from bench.harness import Comparison, Report, Samples
from bench.workload import Workload
from tests.support import processes
from tests.support.platform import Platform

TASKS = 500
MIB = 1024 * 1024


def sleeping_tasks(platform: Platform, workload: Workload) -> Report:
    daemons = {"manager": platform.manager_pid, "hypervisor": platform.hypervisor_pid}
    before = {name: processes.pss_bytes(one) for name, one in daemons.items()}
    pids = []
    with KeepAlive(platform) as client:
        for _ in range(TASKS):
            pid = client.start(workload.app.id, "sleep.py", {"timeout": -1})
            pids.append(pid)
            with KeepAlive(platform) as reader:
                reader.follow(pid)
                reader.read_until(b"asleep")
        after = {name: processes.pss_bytes(one) for name, one in daemons.items()}
        observers = [processes.pss_bytes(one) for one in observer_processes(platform)]
        for pid in pids:
            client.stop(pid)
        for pid in pids:
            client.follow(pid)
            client.read_to_end()
    assert len(observers) >= TASKS, f"{len(observers)} observers for {TASKS} tasks"
    growth = {name: (after[name] - before[name]) / TASKS / MIB for name in daemons}
    each = sum(observers) / TASKS / MIB
    samples = [
        Samples("observer", "MiB/task", [each]),
        *(Samples(f"{name}, growth", "MiB/task", [value]) for name, value in growth.items()),
    ]
    return Report(samples, [Comparison("observer and growth", each + sum(growth.values()), "<= 1", "MiB/task")])


def observer_processes(platform: Platform) -> list[int]:
    return [
        found.process_id
        for found in processes.processes_of(str(platform.data))
        if "am-observer" in found.command.split(" ")[0]
    ]
