"""Finding the task containers of a data folder: their processes, mounts and folders."""

import contextlib
import os
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

from tests.support import processes


def first_process(folder: Path) -> int:
    """The process id of the container that lives in this folder, asked of the kernel; 0 for none."""
    try:
        opened = os.open(folder, os.O_PATH)
    except FileNotFoundError:
        return 0
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.connect(f"/proc/self/fd/{opened}/alive")  # the whole path may be too long for an address
            credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
            return int(struct.unpack("3i", credentials)[0])
    except (FileNotFoundError, ConnectionRefusedError):
        return 0
    finally:
        os.close(opened)


def shared_folders(data: Path) -> list[Path]:
    """The folders of a hypervisor's containers."""
    with contextlib.suppress(FileNotFoundError):
        return sorted((data / "run/containers").iterdir())
    return []


def shared_container(data: Path) -> int:
    """The first process of the one container that the tasks of this data folder share."""
    [living] = [found for found in map(first_process, shared_folders(data)) if found]
    return living


def own_folder(data: Path, pid: str) -> Path:
    """Where the container of an isolated task is while it runs."""
    return data / "run/tasks" / pid / "container"


def processes_inside(container: int) -> list[int]:
    """Every process in the pid namespace of that one, without itself."""
    with contextlib.suppress(FileNotFoundError):
        wanted = os.stat(f"/proc/{container}/ns/pid")
        return [one for one in processes.process_ids() if one != container and _same(f"/proc/{one}/ns/pid", wanted)]
    return []


def _same(path: str, wanted: os.stat_result) -> bool:
    try:
        found = os.stat(path)
    except OSError:
        return False
    return (found.st_dev, found.st_ino) == (wanted.st_dev, wanted.st_ino)


def network_process(data: Path) -> int:
    """What connects the shared container with the network outside; 0 for nothing."""
    for folder in shared_folders(data):
        with contextlib.suppress(OSError):
            number = int((folder / "network.pid").read_text())
            if Path(f"/proc/{number}/comm").read_text() == "slirp4netns\n" and processes.process_state(number) != "Z":
                return number
    return 0


def processes_of_containers(data: Path) -> list[int]:
    """First processes, all those inside, and the networks' ones; their command lines say nothing of the data folder."""
    found = [one for one in map(first_process, shared_folders(data)) if one]
    found += [one for one in map(first_process, (data / "run/tasks").glob("*/container")) if one]
    found += [one for container in found for one in processes_inside(container)]
    return [*found, *filter(None, [network_process(data)])]


def mounts_of(needle: str) -> Iterator[str]:
    """ "process id: line" for every mount, in any namespace, that names `needle`."""
    for process_id in processes.process_ids():
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{process_id}/mountinfo").read_text().splitlines():
                if needle in line:
                    yield f"{process_id}: {line}"


def cgroup_of(data: Path) -> str:
    """The name of the folders that hold the tasks' cgroups of that hypervisor."""
    return "am-" + (data / "run/hypervisor.id").read_text()[:8]


def remove_cgroups(data: Path) -> None:
    """Of a hypervisor that was killed, once its processes are gone."""
    if not (data / "run/hypervisor.id").exists():
        return
    for found in processes.cgroup_folders(cgroup_of(data)):
        for folder, _, _ in os.walk(found, topdown=False):
            with contextlib.suppress(OSError):
                os.rmdir(folder)
