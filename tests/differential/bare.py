"""The peer: plain ``python script.py`` in the tasks' own root, without anything of the platform.

The interpreter is started from outside into the namespaces of the container that the tasks share, as their user and
with their limits. So both sides have the same files, paths, programs, clock and kernel, and what differs is ours.
"""

import asyncio
import os
import resource
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.container_processes import shared_container
from tests.support.platform import Platform

PYTHON = "/venvs/default/bin/python"
TASK_USER = 1879050000
DEADLINE_SEC = 100
LINE_BUFFERING = "import sys\nsys.stdout.reconfigure(line_buffering=True)\n"


@dataclass(frozen=True)
class Run:
    """What is to be the same."""

    stdout: bytes
    stderr: bytes
    exit_code: int | None
    signal: int | None


@dataclass(frozen=True)
class Surroundings:
    """What a task has from the platform and a plain interpreter has from its shell."""

    descriptors: tuple[int, int]  # limits, as a task sees them
    environment: dict[str, str] = field(default_factory=dict)

    def apply(self) -> None:
        """In the process that is about to become the interpreter."""
        resource.setrlimit(resource.RLIMIT_NOFILE, self.descriptors)
        os.umask(0o022)


def surroundings(descriptors: tuple[int, int]) -> Surroundings:
    """The variables that docs/OMPY.md promises to a task, but for those that lead to the platform."""
    environment = {
        "LANG": "C.UTF-8",
        "PATH": "/venvs/default/bin:/usr/local/bin:/usr/bin:/bin",
        "DEFAULT_TASK_TIMEOUT_SEC": "300",
        "DEFAULT_TASK_MAX_MEMORY_MB": "100",
    }
    names = ("LANG", "LC_ALL", "TZ", "http_proxy", "https_proxy", "no_proxy", "all_proxy")
    for name in {*names, *(name.upper() for name in names if name.endswith("_proxy"))}:
        if name in os.environ:
            environment[name] = os.environ[name]
    return Surroundings(descriptors, environment)


def _command(container: int, folder: str, script: str) -> list[str]:
    enter = ["nsenter", "--target", str(container), "--mount", "--uts", "--ipc", "--net", "--pid"]
    rights = ["setpriv", f"--reuid={TASK_USER}", f"--regid={TASK_USER}", "--clear-groups", "--no-new-privs"]
    rights += ["--inh-caps=-all", "--bounding-set=-all"]
    return [*enter, *rights, "setsid", "env", f"--chdir={folder}", PYTHON, script]


def _new_folder(platform: Platform) -> Path:
    """One as a task has it: in `workdirs`, and the task user's own."""
    folder = platform.data / "workdirs" / str(uuid.uuid4())
    folder.mkdir()
    os.chown(folder, TASK_USER, TASK_USER)
    return folder


async def run_bare(platform: Platform, around: Surroundings, script: str, line_buffered: bool = False) -> Run:
    """Runs the script of this path inside, in a fresh folder beside those of the tasks."""
    environment = dict(around.environment)
    if line_buffered:
        hook = _new_folder(platform)
        (hook / "sitecustomize.py").write_text(LINE_BUFFERING)
        environment["PYTHONPATH"] = f"/workdirs/{hook.name}"
    command = _command(shared_container(platform.data), f"/workdirs/{_new_folder(platform).name}", script)
    prepare: Callable[[], None] = around.apply
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment,
        cwd=Path("/"),
        start_new_session=True,
        preexec_fn=prepare,
    )
    try:
        stdout, stderr = await asyncio.wait_for(process.communicate(), DEADLINE_SEC)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise AssertionError(f"bare {script} did not end within {DEADLINE_SEC} s") from None
    code = process.returncode
    assert code is not None
    return Run(stdout, stderr, code if code >= 0 else None, -code if code < 0 else None)
