"""Leak: a day's worth of starts, 8 in flight; what the platform holds afterwards that it did not hold before."""

import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.harness import Comparison, Counts, Report, Samples
from bench.throughput import run_tasks
from bench.workload import Workload
from tests.support import processes
from tests.support.container_processes import cgroup_of, processes_of_containers
from tests.support.platform import Platform

STEPS = 10
SETTLE_SEC = 15
KIB = 1024


@dataclass(frozen=True)
class Held:
    """What the platform holds at one moment."""

    manager: int  # proportional set size in bytes, as the next
    hypervisor: int
    manager_rss: int  # resident set size in bytes, as the next
    hypervisor_rss: int
    manager_descriptors: int
    hypervisor_descriptors: int
    processes: int
    cgroups: int
    work_folders: int
    task_folders: int
    other_entries: int  # of the data directory
    database: int  # bytes on disk, the write-ahead log with it
    logs: int  # bytes on disk

    @property
    def countable(self) -> tuple[int, ...]:
        """What has to be the same again when everything has settled."""
        return self.manager_descriptors, self.hypervisor_descriptors, self.processes, self.cgroups, self.other_entries


def held_by(platform: Platform) -> Held:
    """Looks at the daemons, /proc, the cgroup tree and the data directory."""
    manager, hypervisor = platform.manager_pid, platform.hypervisor_pid
    data = platform.data
    own = {found.process_id for found in processes.processes_of(str(data))} | set(processes_of_containers(data))
    return Held(
        processes.pss_bytes(manager),
        processes.pss_bytes(hypervisor),
        processes.rss_bytes(manager),
        processes.rss_bytes(hypervisor),
        len(processes.open_files(manager)),
        len(processes.open_files(hypervisor)),
        len(own),
        sum(1 for top in processes.cgroup_folders(cgroup_of(data)) for _ in top.rglob("*/")),
        len(list((data / "workdirs").iterdir())),
        len(list((data / "run/tasks").iterdir())),
        other_entries(data),
        size_of(data.glob("manager/am.db*")),
        size_of([*data.glob("logs/*"), *data.glob("run/*.log"), *data.glob("run/tasks/*.log")]),
    )


def other_entries(data: Path) -> int:
    """Files and folders below the data directory, without what each task keeps."""
    count = 0
    for folder, folders, files in os.walk(data):
        count += len(files)
        if Path(folder) in (data / "workdirs", data / "run/tasks"):
            folders.clear()
        count += len(folders)
    return count


def size_of(files: Iterable[Path]) -> int:
    """In bytes, together."""
    return sum(path.stat().st_size for path in files)


def settled(platform: Platform, like: Held | None = None) -> Held:
    """As held_by(), once two looks in a row (or `like` and one) count the same, or after 15 s."""
    before, after = like, held_by(platform)

    def same() -> bool:
        nonlocal before, after
        if before is None or before.countable != after.countable:
            before, after = like or after, held_by(platform)
        return before.countable == after.countable

    try:
        processes.eventually(same, "the same as before", SETTLE_SEC)
    except AssertionError:
        pass  # the figures tell
    return after


def a_day(platform: Platform, workload: Workload, counts: Counts) -> Report:
    """Every start leaves its record in the database and its two folders on disk, which is meant, and nothing else."""
    starts, application = counts["starts"], workload.app.id
    run_tasks(platform, application, counts["warmup"])
    first = settled(platform)
    seen = [first]
    for step in range(STEPS):
        run_tasks(platform, application, starts * (step + 1) // STEPS - starts * step // STEPS)
        seen.append(held_by(platform))
        print(f"    {starts * (step + 1) // STEPS} starts: {memory_line(seen[-1])}", flush=True)
    last = settled(platform, first)
    samples = [
        Samples(f"{name}, PSS after each tenth", "MiB", [getattr(one, name) / KIB / KIB for one in seen])
        for name in ("manager", "hypervisor")
    ]
    samples += [Samples(f"{name}, before and after", "", [before, after]) for name, before, after in pairs(first, last)]
    half = starts - starts * (STEPS // 2) // STEPS
    later = [
        Comparison(f"{name}, PSS growth in the second half", (end - middle) / KIB / half, unit="KiB/start")
        for name, middle, end in (
            ("manager", seen[STEPS // 2].manager, last.manager),
            ("hypervisor", seen[STEPS // 2].hypervisor, last.hypervisor),
        )
    ]
    return Report(samples, [*later, *comparisons(first, last, starts)])


def pairs(first: Held, last: Held) -> list[tuple[str, float, float]]:
    """Each of the figures, before and after; memory and disk in bytes."""
    after = asdict(last)
    return [(name, value, after[name]) for name, value in asdict(first).items()]


def memory_line(held: Held) -> str:
    """For the screen, in MiB."""
    return f"manager {held.manager / KIB / KIB:.2f} MiB, hypervisor {held.hypervisor / KIB / KIB:.2f} MiB (PSS)"


def comparisons(first: Held, last: Held, starts: int) -> list[Comparison]:
    """Growth for each start, and what is there in excess at the end."""
    per_start = [
        ("manager, PSS growth", (last.manager - first.manager) / KIB, "<= 0.5", "KiB/start"),
        ("hypervisor, PSS growth", (last.hypervisor - first.hypervisor) / KIB, "<= 0.5", "KiB/start"),
        ("manager, RSS growth", (last.manager_rss - first.manager_rss) / KIB, "", "KiB/start"),
        ("hypervisor, RSS growth", (last.hypervisor_rss - first.hypervisor_rss) / KIB, "", "KiB/start"),
        ("work folders, kept as promised", last.work_folders - first.work_folders, "<= 1", "/start"),
        ("task folders (output), kept as promised", last.task_folders - first.task_folders, "<= 1", "/start"),
        ("database", (last.database - first.database) / KIB, "", "KiB/start"),
        ("logs", (last.logs - first.logs) / KIB, "", "KiB/start"),
    ]
    more = [
        ("manager, descriptors", last.manager_descriptors - first.manager_descriptors),
        ("hypervisor, descriptors", last.hypervisor_descriptors - first.hypervisor_descriptors),
        ("processes", last.processes - first.processes),
        ("cgroups", last.cgroups - first.cgroups),
        ("other files and folders", last.other_entries - first.other_entries),
    ]
    return [Comparison(what, grown / starts, target, unit) for what, grown, target, unit in per_start] + [
        Comparison(what, grown, "<= 0", "more") for what, grown in more
    ]
