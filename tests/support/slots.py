"""The slots of a hypervisor as the machine sees them: launchers, interpreters that wait, their observers."""

from pathlib import Path

from tests.support import processes
from tests.support.container_processes import cgroup_of

READY_SEC = 20
# Of the hypervisor, for each that waits: two sockets of its observer, two of that one's process, the task's socket.
DESCRIPTORS = 5
DESCRIPTORS_OF_FREE_OBSERVERS = 3
MOST_FREE_OBSERVERS = 16
ALL = 4 + 2 + 2  # for plain scripts, for those with ompy, and for those with the modules of --preload


def names(data: Path, launchers: bool = False) -> list[str]:
    """The slots that wait, or the launchers: the hypervisor has a folder for each."""
    folders = [one for one in (data / "run/slots").iterdir() if one.is_dir()]
    return [one.name for one in folders if (one / "group").exists() != launchers]


def groups_of(data: Path, name: str) -> list[Path]:
    """The control groups of that name."""
    return [folder / name for folder in processes.cgroup_folders(cgroup_of(data)) if (folder / name).exists()]


def members(data: Path, name: str) -> list[int]:
    """The processes in the control group of a slot or launcher."""
    for folder in processes.cgroup_folders(cgroup_of(data)):
        procs = folder / name / "cgroup.procs"
        if procs.exists():
            return [int(line) for line in procs.read_text().split()]
    return []


def launchers_of(data: Path) -> list[int]:
    return [process_id for name in names(data, launchers=True) for process_id in members(data, name)]


def waiting_in(data: Path) -> list[int]:
    """Interpreters that wait for a script."""
    return [process_id for name in names(data) for process_id in members(data, name)]


def observers_of_waiting(data: Path) -> list[int]:
    folders = {str(data / "run/slots" / name) for name in names(data)}
    return [process_id for process_id in processes.process_ids() if processes.folder_of(process_id) in folders]


def free_observers(data: Path) -> list[int]:
    """Those that have no task now and will get another one."""
    of_this = [one for one in processes.processes_of(str(data)) if "am-observer" in one.command]
    return [one.process_id for one in of_this if processes.folder_of(one.process_id) == "/"]


def wait_until_filled(data: Path, count: int = ALL) -> None:
    """Until that many interpreters wait; when all do, every launcher is there."""
    processes.eventually(lambda: len(waiting_in(data)) >= count, f"{count} interpreters wait", READY_SEC)
