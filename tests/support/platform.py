"""Starting and stopping the product: `am up` on a data directory of its own, and its clients."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support import processes
from tests.support.api import Api
from tests.support.container_processes import processes_of_containers, remove_cgroups
from tests.support.files import wait_for_file

ROOT = Path(__file__).resolve().parents[2]
AM_BIN = Path(os.environ.get("AM_BIN", ROOT / "build/bin/am")).resolve()
READY_SEC = 60
STOP_SEC = 30

# What a developer's shell may have set and a platform under test must not see.
_OWN_NAMES = ("AM_URL", "AM_TOKEN", "DEFAULT_TASK_TIMEOUT_SEC", "DEFAULT_TASK_MAX_MEMORY_MB")


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if name not in _OWN_NAMES}
    environment.update(extra or {})
    return environment


@dataclass(frozen=True)
class CommandResult:
    code: int
    out: str
    err: str


@dataclass
class Daemon:
    """A process of ours with its output in a file, ended by SIGTERM."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def process_id(self) -> int:
        return self.process.pid

    def terminate(self, number: int = signal.SIGTERM, deadline_sec: float = STOP_SEC) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(deadline_sec)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"still running {deadline_sec} s after signal {number}:\n{self.tail()}") from None

    def tail(self, lines: int = 40) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def start_daemon(arguments: list[str], log: Path, environment: Mapping[str, str] | None = None) -> Daemon:
    with log.open("ab") as sink:
        process = subprocess.Popen(
            [str(AM_BIN), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            env=clean_environment(environment),
            cwd="/",
        )
    return Daemon(process, log)


async def spawn_am(*arguments: str, environment: Mapping[str, str]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        str(AM_BIN),
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=dict(environment),
        start_new_session=True,
    )


async def run_am(*arguments: str, environment: Mapping[str, str], deadline_sec: float = 60) -> CommandResult:
    process = await spawn_am(*arguments, environment=environment)
    try:
        out, err = await asyncio.wait_for(process.communicate(), deadline_sec)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise AssertionError(f"am {' '.join(arguments)} did not end within {deadline_sec} s") from None
    assert process.returncode is not None
    return CommandResult(process.returncode, out.decode(), err.decode())


@dataclass
class Platform:
    """A running `am up`."""

    data: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    options: list[str] = field(default_factory=list)
    daemon: Daemon = field(init=False)
    url: str = field(init=False)
    token: str = field(init=False)
    ipc_port: int = field(init=False)
    resource_port: int = field(init=False)
    manager_pid: int = field(init=False)
    hypervisor_pid: int = field(init=False)
    cgroups: set[str] = field(default_factory=set)  # names of the folders that tasks were seen in

    @property
    def log(self) -> Path:
        return self.data.parent / f"{self.data.name}.log"

    def start(self, listen: str = "127.0.0.1:0") -> None:
        ready = self.data.parent / f"{self.data.name}.ready"
        ready.unlink(missing_ok=True)
        arguments = ["up", "--data", str(self.data), "--listen", listen, "--resource-port", "0", "--ipc-port", "0"]
        self.daemon = start_daemon([*arguments, "--ready-file", str(ready), *self.options], self.log, self.environment)
        try:
            with processes.watched(self.daemon.process_id) as watched:
                wait_for_file(ready, READY_SEC, watched)
        except AssertionError as problem:
            tail = self.daemon.tail()
            self.daemon.terminate()
            raise AssertionError(f"am up did not become ready: {problem}\n{tail}") from problem
        self._read_ready(ready)

    def _read_ready(self, ready: Path) -> None:
        facts = json.loads(ready.read_text())
        self.url = facts["url"].rstrip("/")
        self.token = facts["token"]
        self.ipc_port = facts["ipcPort"]
        self.resource_port = facts["resourcePort"]
        self.manager_pid = facts["managerPid"]
        self.hypervisor_pid = facts["hypervisorPid"]

    def stop(self) -> None:
        """SIGTERM, and then nothing of the platform may be left: no process, no cgroup."""
        code = self.daemon.terminate()
        left = processes.processes_of(str(self.data))
        assert not left, f"left behind by am up: {left}\n{self.daemon.tail()}"
        folders = [one for name in self.cgroups for one in processes.cgroup_folders(name)]
        assert not folders, f"cgroup folders left behind: {folders}"
        assert code == 0, f"am up exited with {code} after SIGTERM:\n{self.daemon.tail()}"

    def note_cgroups(self, process_id: int) -> None:
        """Remembers the task cgroup that a process is in, to look for its folder after the end."""
        for path in processes.cgroup_names(process_id) - processes.cgroup_names(self.daemon.process_id):
            self.cgroups.update(part for part in path.split("/") if part.startswith("am-"))

    def kill_everything(self) -> None:
        """The last resort of a failed test: only processes that carry this platform's data directory."""
        if self.daemon.process.poll() is None:
            self.daemon.process.kill()
            self.daemon.process.wait()
        for process_id in processes_of_containers(self.data):
            processes.kill_and_wait(process_id)
        for found in processes.processes_of(str(self.data)):
            try:
                os.kill(found.process_id, signal.SIGKILL)
            except ProcessLookupError:
                continue
            processes.wait_for_end([found.process_id], STOP_SEC)
        remove_cgroups(self.data)

    # --- clients ----------------------------------------------------------------------------------------------

    def api(self) -> Api:
        """A client with the platform's own token."""
        return Api(self.url, self.token)

    def stranger(self, token: str | None) -> Api:
        """A client with another token, or with none."""
        return Api(self.url, token)

    def cli_environment(self) -> dict[str, str]:
        return clean_environment({"AM_URL": self.url, "AM_TOKEN": self.token})

    async def spawn_am(
        self, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> asyncio.subprocess.Process:
        return await spawn_am(*arguments, environment=self.cli_environment() if environment is None else environment)

    async def am(
        self, *arguments: str, environment: Mapping[str, str] | None = None, deadline_sec: float = 60
    ) -> CommandResult:
        chosen = self.cli_environment() if environment is None else environment
        return await run_am(*arguments, environment=chosen, deadline_sec=deadline_sec)


@contextmanager
def running_platform(
    environment: Mapping[str, str] | None = None,
    options: list[str] | None = None,
    listen: str = "127.0.0.1:0",
    kept_in: Path | None = None,
) -> Iterator[Platform]:
    """A platform on a temporary data directory; leaving the block stops it and checks that nothing is left.

    With `kept_in` the data directory is there, and stays.
    """
    folder = Path(tempfile.mkdtemp(prefix="am-test-", dir=kept_in))
    platform = Platform(folder / "data", environment or {}, options or [])
    good = False
    try:
        platform.start(listen)
        yield platform
        platform.stop()
        good = True
    finally:
        if not good and hasattr(platform, "daemon"):
            platform.kill_everything()
        if kept_in is None and (good or "AM_KEEP" not in os.environ):
            shutil.rmtree(folder, ignore_errors=True)
