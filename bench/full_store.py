"""P8: P1 with many finished and sleeping tasks on record, beside P1 on an empty store; two platforms at once."""

from bench.client import KeepAlive
from bench.harness import Counts, Report
from bench.platforms import fresh_platform
from bench.start_latency import first_byte, idle_and_back_to_back
from bench.throughput import run_tasks
from bench.workload import Workload, prepare
from tests.support.platform import Platform

SCRIPT = "hello.py"


def full_store(platform: Platform, workload: Workload, counts: Counts) -> Report:
    """The platform that it is given stays the empty one."""
    finished, sleeping = counts["finished"], counts["sleeping"]
    with fresh_platform() as full:
        full_workload = prepare(full)
        run_tasks(full, full_workload.app.id, finished)
        asleep = start_sleeping(full, full_workload, sleeping)
        with (
            KeepAlive(full) as full_starter,
            KeepAlive(full) as full_reader,
            KeepAlive(platform) as starter,
            KeepAlive(platform) as reader,
        ):
            report = idle_and_back_to_back(
                lambda: first_byte(full_starter, full_reader, full_workload, SCRIPT),
                lambda: first_byte(starter, reader, workload, SCRIPT),
                counts["pairs"],
                (f"{finished} finished and {sleeping} sleeping tasks", "empty store"),
                ("full / empty store", "<= 1.1"),
            )
            states = {full_starter.get(f"/api/v1/tasks/{pid}")["state"] for pid in asleep}
        assert states == {"running"}, f"sleeping tasks became {states}"
        stop_all(full, asleep)
    return report


def start_sleeping(platform: Platform, workload: Workload, count: int) -> list[str]:
    """The pids of that many tasks that have said that they sleep."""
    pids = []
    with KeepAlive(platform) as client:
        for _ in range(count):
            pids.append(client.start(workload.app.id, "sleep.py", {"timeout": -1}))
            with KeepAlive(platform) as reader:
                reader.follow(pids[-1])
                reader.read_until(b"asleep")
    return pids


def stop_all(platform: Platform, pids: list[str]) -> None:
    """Stops them, and returns when the last has ended."""
    with KeepAlive(platform) as client:
        for pid in pids:
            client.stop(pid)
        for pid in pids:
            client.follow(pid)
            client.read_to_end()
