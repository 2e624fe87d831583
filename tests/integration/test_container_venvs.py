"""Tasks write /venvs, and the next hypervisor looks at what is there: that must not be a way to more rights."""

import asyncio
import json

import pytest

from tests.support import platform as platforms
from tests.support import processes
from tests.support.api import Api, App
from tests.support.children import all_children
from tests.support.code_tasks import hearing, run_code, start_code
from tests.support.containers import needs_container
from tests.support.platform import running_platform
from tests.support.ticking import healthy

pytestmark = needs_container

LAY = """
import os
os.makedirs("/venvs/laid/bin")
for name, target in params.get("links", {}).items():
    os.symlink(target, f"/venvs/laid/{name}")
if "python" in params:
    with open("/venvs/laid/bin/python", "w") as file:
        file.write(params["python"])
    os.chmod("/venvs/laid/bin/python", 0o755)
"""


async def create_kit(api: Api) -> App:
    return await api.create_application("Children", all_children())


async def test_an_environment_made_by_a_task_is_listed() -> None:
    """The good case: it is there after the next start."""
    with running_platform() as own:
        async with own.api() as api:
            links = {"bin/python": "/usr/bin/python3", "note.txt": "/venvs/default/pyvenv.cfg"}
            await run_code(api, await create_kit(api), LAY, links=links)
        own.stop()
        own.start()
        listed = await own.am("venv", "list", "--json")
        assert "laid" in listed.out


async def test_a_note_that_leads_to_a_secret() -> None:
    with running_platform() as own:
        secret = own.data / "secret"
        async with own.api() as api:
            links = {"bin/python": "/usr/bin/python3", "note.txt": str(secret)}
            await run_code(api, await create_kit(api), LAY, links=links)
        own.stop()
        own.start()
        listed = await own.am("venv", "list", "--json")
        assert secret.read_text().strip() not in listed.out
        assert secret.read_text().strip() not in (own.data / "logs/hypervisor.log").read_text()


async def test_an_interpreter_that_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    with running_platform() as own:
        async with own.api() as api:
            python = "#!/bin/sh\nexec >&- 2>&-\nread forever </dev/ptmx\n"
            await run_code(api, await create_kit(api), LAY, python=python)
        own.stop()
        monkeypatch.setattr(platforms, "READY_SEC", 40)  # an interpreter has 30 s
        own.start()


LOOK = """#!/usr/bin/python3
import json, os, pathlib, signal
seen = {}
for process in filter(str.isdigit, os.listdir("/proc")):
    if process not in ("1", str(os.getpid())):
        for what, look in (
            ("environment", lambda: pathlib.Path(f"/proc/{process}/environ").read_text()),
            ("memory", lambda: open(f"/proc/{process}/mem", "rb")),
            ("signal", lambda: os.kill(int(process), 0)),
        ):
            try:
                look()
                seen[f"{what} of {process}"] = "succeeded"
            except OSError as refused:
                seen[f"{what} of {process}"] = refused.strerror
pathlib.Path("/workdirs/seen").write_text(json.dumps(seen))
"""


async def test_an_interpreter_that_looks_into_tasks() -> None:
    with running_platform() as own:
        async with own.api() as api:
            kit = await create_kit(api)
            await run_code(api, kit, LAY, python=LOOK)
            victim = await start_code(api, kit, "import os\nsay(os.getpid())\nread_json_from_observer()")
            async with hearing(api, victim) as says:
                process = await says.next()
            processes.kill_and_wait(own.hypervisor_pid)  # and another one begins, in the same container
            found = own.data / "workdirs/seen"
            processes.eventually(lambda: found.exists() and bool(found.read_text()), "the interpreter was run", 30)
            async with asyncio.timeout(10):
                await healthy(api)
            seen = json.loads(found.read_text())
            for what in ("environment", "memory", "signal"):
                assert seen[f"{what} of {process}"] in ("Permission denied", "Operation not permitted"), seen
