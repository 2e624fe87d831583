"""The scripts that the benchmarks run, as an application and as plain files beside it."""

import asyncio
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from bench.client import KeepAlive
from tests.support.api import App
from tests.support.platform import Platform

SCRIPTS = {
    "hello.py": "print('Hello world!')\n",
    "hello_aiohttp.py": (
        "import asyncio\nimport aiohttp\n\n\nasync def main():\n    print('Hello world!', aiohttp.__version__)\n\n\n"
        "asyncio.run(main())\n"
    ),
    "sleep.py": "import time\n\nprint('asleep')\ntime.sleep(3600)\n",
    "flood.py": (
        "import sys\n\nblock = ''.join(f'{number:063d}\\n' for number in range(1024))\n"
        "for _ in range(1_000_000_000 // len(block)):\n    sys.stdout.write(block)\n"
    ),
    "where.py": "import sys\n\nprint(sys.executable)\n",
}


@dataclass(frozen=True)
class Workload:
    """Where the same scripts are for us and for the peer."""

    app: App
    folder: Path
    python: str  # the interpreter that tasks run on

    def bare(self, script: str) -> list[str]:
        return [self.python, str(self.folder / script)]

    def first_byte(self, script: str) -> float:
        """Seconds from spawning the bare script to its first byte; its end is waited for, but not counted."""
        began = time.perf_counter()
        with subprocess.Popen(
            self.bare(script), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=bare_environment()
        ) as process:
            assert process.stdout is not None
            os.read(process.stdout.fileno(), 1)
            took = time.perf_counter() - began
            process.wait()
        return took


def bare_environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C.UTF-8"}


def prepare(platform: Platform) -> Workload:
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
        python = raw_output(platform, pid).strip()
    return Workload(app, folder, python)


def raw_output(platform: Platform, pid: str) -> str:
    async def fetch() -> bytes:
        async with platform.api() as api:
            return await api.raw(pid, "stdout")

    return asyncio.run(fetch()).decode()
