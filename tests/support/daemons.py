"""`am manager` and `am hypervisor` one by one, as an installation with several machines has them."""

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support import processes
from tests.support.api import Api
from tests.support.container_processes import processes_of_containers, remove_cgroups
from tests.support.files import wait_for_file
from tests.support.platform import READY_SEC, CommandResult, Daemon, clean_environment, run_am, start_daemon


def start_and_wait(arguments: list[str], ready: Path, log: Path, deadline_sec: float = READY_SEC) -> Daemon:
    """Starts a daemon; returns when it has written its ready file."""
    ready.unlink(missing_ok=True)
    daemon = start_daemon([*arguments, "--ready-file", str(ready)], log)
    try:
        with processes.watched(daemon.process_id) as watched:
            wait_for_file(ready, deadline_sec, watched)
    except AssertionError as problem:
        tail = daemon.tail()
        daemon.terminate()
        raise AssertionError(f"am {arguments[0]} did not become ready: {problem}\n{tail}") from problem
    return daemon


@dataclass
class Cluster:
    """One manager and any number of hypervisors with data folders of their own, sharing the sources."""

    folder: Path
    manager: Daemon = field(init=False)
    hypervisors: dict[str, Daemon] = field(default_factory=dict)
    url: str = ""
    token: str = ""
    ipc_port: int = 0

    @property
    def manager_data(self) -> Path:
        return self.folder / "manager-data"

    def start_manager(self) -> None:
        ready = self.folder / "manager.ready"
        listen = self.url.removeprefix("http://") or "127.0.0.1:0"
        self.manager = start_and_wait(
            [
                "manager", "--data", str(self.manager_data), "--listen", listen,
                "--ipc-listen", f"127.0.0.1:{self.ipc_port}", "--secret-file", str(self.secret()),
            ],
            ready,
            self.folder / "manager.log",
        )  # fmt: skip
        facts = json.loads(ready.read_text())
        self.url, self.token, self.ipc_port = facts["url"].rstrip("/"), facts["token"], facts["ipcPort"]

    def secret(self) -> Path:
        path = self.folder / "secret"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text("a secret that only these daemons share\n")
        return path

    def start_hypervisor(self, name: str, options: Sequence[str] = (), deadline_sec: float = READY_SEC) -> None:
        self.hypervisors[name] = start_and_wait(
            [
                "hypervisor", "--data", str(self.folder / name), "--sources", str(self.manager_data / "sources"),
                "--manager", f"127.0.0.1:{self.ipc_port}", "--secret-file", str(self.secret()),
                "--listen", "127.0.0.1:0", "--name", name, "--stop-tasks-on-exit", *options,
            ],
            self.folder / f"{name}.ready",
            self.folder / f"{name}.log",
            deadline_sec,
        )  # fmt: skip

    def api(self) -> Api:
        return Api(self.url, self.token)

    async def am(self, *arguments: str) -> CommandResult:
        environment = clean_environment({"AM_URL": self.url, "AM_TOKEN": self.token})
        return await run_am(*arguments, environment=environment)

    def stop(self) -> None:
        for name, hypervisor in self.hypervisors.items():
            code = hypervisor.terminate()
            assert code == 0, f"hypervisor {name} exited with {code}:\n{hypervisor.tail()}"
        code = self.manager.terminate()
        assert code == 0, f"the manager exited with {code}:\n{self.manager.tail()}"
        left = processes.processes_of(str(self.folder))
        assert not left, f"left behind: {left}"


@contextmanager
def running_cluster(*names: str) -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="am-cluster-"))
    cluster = Cluster(folder)
    try:
        cluster.start_manager()
        for name in names:
            cluster.start_hypervisor(name)
        yield cluster
        cluster.stop()
    finally:
        for found in processes.processes_of(str(folder)):
            processes.kill_and_wait(found.process_id)
        for data in filter(Path.is_dir, folder.iterdir()):
            for process_id in processes_of_containers(data):
                processes.kill_and_wait(process_id)
            remove_cgroups(data)
        shutil.rmtree(folder, ignore_errors=True)
