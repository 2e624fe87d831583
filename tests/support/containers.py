"""Looking at task containers from the machine: their processes, mounts and folders."""

import contextlib
import os
import socket
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.support import processes
from tests.support.platform import AM_BIN

IMAGE = AM_BIN.parents[1] / "image"
OWN_PROGRAMS = ("am", "am-observer", "am-container", "slirp4netns")

needs_container = pytest.mark.skipif(
    os.geteuid() != 0 or not (IMAGE / "usr").is_dir(), reason="a task container needs root and an image"
)


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


def network_processes(container: int) -> list[int]:
    """What connects the network of that container with the outside: slirp4netns has its tap device open."""
    return [one for one in processes.process_ids() if _name(one) == "slirp4netns" and _tap_of(one, container)]


def _tap_of(process_id: int, container: int) -> bool:
    with contextlib.suppress(OSError):
        wanted = os.stat(f"/proc/{container}/ns/net")
        return any(_same(f"/proc/{process_id}/fd/{fd}", wanted) for fd in os.listdir(f"/proc/{process_id}/fd"))
    return False


def _name(process_id: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process_id}/comm").read_text().strip()
    return ""


def own_processes() -> set[int]:
    """Every process of the product's programs on this machine."""
    return {one for one in processes.process_ids() if _name(one) in OWN_PROGRAMS}


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


def assert_nothing_is_left(data: Path, before: Iterable[int] = ()) -> None:
    """No process, mount, cgroup or folder of the containers of that data folder; `before`: processes of others."""
    left = [found for found in processes.processes_of(str(data)) if found.state != "Z"]
    assert not left
    others = set(before)
    strangers = {one: processes.command_of(one) for one in own_processes() - others if _works_for(one, data)}
    assert not strangers
    assert not list(mounts_of(str(data)))
    assert not processes.cgroup_folders(cgroup_of(data))
    assert shared_folders(data) == []


def _works_for(process_id: int, data: Path) -> bool:
    return _name(process_id) in ("am-container", "slirp4netns") and processes.process_state(process_id) != "Z"
