"""The scripts that the benchmarks run, as an application and as plain files beside it."""

import asyncio
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from bench.bare_python import bare_python
from bench.client import KeepAlive
from tests.support.api import App
from tests.support.platform import Platform

# By name: each is a file of the application and, beside it, one for the bare interpreter.
SCRIPTS = {path.name: path.read_text() for path in sorted((Path(__file__).parent / "scripts").glob("*.py"))}


@dataclass(frozen=True)
class Workload:
    """Where the same scripts are for us and for the peer."""

    app: App
    folder: Path
    python: list[str]  # the interpreter that tasks run on, bare
    environment: dict[str, str]

    def bare(self, script: str) -> list[str]:
        """The command that runs the script without the platform."""
        return [*self.python, str(self.folder / script)]

    def first_byte(self, script: str) -> float:
        """Seconds from spawning the bare script to its first byte; its end is waited for, but not counted."""
        began = time.perf_counter()
        with subprocess.Popen(
            self.bare(script), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=self.environment
        ) as process:
            assert process.stdout is not None
            os.read(process.stdout.fileno(), 1)
            took = time.perf_counter() - began
            process.wait()
        return took


def prepare(platform: Platform) -> Workload:
    """Makes the application, and finds the interpreter of tasks by asking one."""
    folder = platform.data.parent / "bare"
    folder.mkdir()
    for name, source in SCRIPTS.items():
        (folder / name).write_text(source)

    async def create() -> App:
        async with platform.api() as api:
            return await api.create_application("Bench", SCRIPTS)

    app = asyncio.run(create())
    with KeepAlive(platform) as client:
        pid = client.start(app.id, "where.py")
        client.follow(pid)
        client.read_to_end()
        python, environment = bare_python(raw_output(platform, pid).strip())
    return Workload(app, folder, python, environment)


def raw_output(platform: Platform, pid: str) -> str:
    """What a task wrote to stdout, whole."""

    async def fetch() -> bytes:
        async with platform.api() as api:
            return await api.raw(pid, "stdout")

    return asyncio.run(fetch()).decode()
