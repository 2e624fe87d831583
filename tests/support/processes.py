"""Looking at processes: whose they are, what they use, waiting for their end by pidfd."""

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.files import WaitedTooLong

CGROUP_ROOT = Path("/sys/fs/cgroup")
_KIB = 1024


@dataclass(frozen=True)
class Found:
    """A process as a failing test shows it."""

    process_id: int
    state: str
    command: str


def _read(process_id: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{process_id}/{name}").read_bytes()
    except OSError:
        return b""


def process_ids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def processes_of(needle: str) -> list[Found]:
    """Every process, zombies too, that has `needle` in its command line, environment, folder or open files."""
    wanted = needle.encode()
    found = []
    for process_id in process_ids():
        if process_id == os.getpid():
            continue
        if _belongs(process_id, wanted):
            command = _read(process_id, "cmdline").replace(b"\0", b" ").decode(errors="replace")
            found.append(Found(process_id, process_state(process_id), command))
    return found


def _belongs(process_id: int, needle: bytes) -> bool:
    if needle in _read(process_id, "cmdline") or needle in _read(process_id, "environ"):
        return True
    for link in ("cwd", "exe"):
        with contextlib.suppress(OSError):
            if needle in os.readlink(f"/proc/{process_id}/{link}".encode()):
                return True
    return False


def process_state(process_id: int) -> str:
    """The letter of /proc: R, S, Z and so on; "X" for a process that is gone."""
    stat = _read(process_id, "stat")
    return stat.rsplit(b")", 1)[-1].split()[0].decode() if stat else "X"


def parent_of(process_id: int) -> int:
    stat = _read(process_id, "stat")
    return int(stat.rsplit(b")", 1)[-1].split()[1]) if stat else 0


def children_of(process_id: int) -> list[int]:
    return [other for other in process_ids() if parent_of(other) == process_id]


def of_task(pid: str) -> list[int]:
    """The processes of a running task by this machine's numbers; in its container it has others."""
    wanted = f"AM_PID={pid}\0".encode()
    return [process_id for process_id in process_ids() if wanted in _read(process_id, "environ")]


def folder_of(process_id: int) -> str:
    """The working directory; empty for a process that is gone."""
    with contextlib.suppress(OSError):
        return os.readlink(f"/proc/{process_id}/cwd")
    return ""


def environment_of(process_id: int) -> dict[str, str]:
    entries = _read(process_id, "environ").decode(errors="replace").split("\0")
    return dict(entry.split("=", 1) for entry in entries if "=" in entry)


def open_files(process_id: int) -> list[str]:
    """What the descriptors of a process are, for counting and for showing."""
    files = []
    for name in os.listdir(f"/proc/{process_id}/fd"):
        with contextlib.suppress(OSError):
            files.append(os.readlink(f"/proc/{process_id}/fd/{name}"))
    return files


def rss_bytes(process_id: int) -> int:
    for line in _read(process_id, "status").decode().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * _KIB
    return 0


def pss_bytes(process_id: int) -> int:
    for line in _read(process_id, "smaps_rollup").decode().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * _KIB
    return 0


def cgroup_names(process_id: int) -> set[str]:
    """The cgroup paths of a process, one for each hierarchy that is not the root."""
    lines = _read(process_id, "cgroup").decode().splitlines()
    return {line.split(":", 2)[2] for line in lines} - {"/"}


def cgroup_folders(name: str) -> list[Path]:
    """Every cgroup folder of that name, in all hierarchies."""
    found = []
    for folder, names, _ in os.walk(CGROUP_ROOT):
        found += [Path(folder) / one for one in names if name in one]
    return found


@contextlib.contextmanager
def watched(process_id: int) -> Iterator[int]:
    """A pidfd that is closed at the end."""
    descriptor = os.pidfd_open(process_id)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def wait_for_end(process_id_list: Iterable[int], deadline_sec: float) -> None:
    """Waits by pidfd until every process has ended (a zombie has ended)."""
    until = time.monotonic() + deadline_sec
    for process_id in process_id_list:
        try:
            descriptor = os.pidfd_open(process_id)
        except ProcessLookupError:
            continue
        try:
            ready, _, _ = select.select([descriptor], [], [], max(0.0, until - time.monotonic()))
        finally:
            os.close(descriptor)
        if not ready:
            raise WaitedTooLong(f"process {process_id} is still there after {deadline_sec} s")


def kill_and_wait(process_id: int, number: int = signal.SIGKILL, deadline_sec: float = 10) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process_id, number)
    wait_for_end([process_id], deadline_sec)


def eventually(holds: Callable[[], bool], what: str, deadline_sec: float = 10) -> None:
    """For what the kernel gives no event for (/proc, the cgroup tree): looks again until it holds or time is up."""
    until = time.monotonic() + deadline_sec
    while not holds():
        if time.monotonic() > until:
            raise WaitedTooLong(f"{what}: not within {deadline_sec} s")
        select.select([], [], [], 0.02)


def command_of(process_id: int) -> str:
    return _read(process_id, "cmdline").replace(b"\0", b" ").decode(errors="replace")
