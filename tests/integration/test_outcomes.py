"""How a task ended is told apart, and an error reads as in plain Python."""

import asyncio
import json
import signal
from pathlib import Path

import pytest

from tests.support.api import Api, App
from tests.support.children import child
from tests.support.platform import Platform


@pytest.mark.parametrize(
    ("script", "code", "stderr"),
    [
        ("hello.py", 0, ""),
        ("exit_three.py", 3, ""),
        ("exit_text.py", 1, "no more work\n"),
        ("os_exit_four.py", 4, ""),
    ],
)
async def test_exit_codes(api: Api, kit: App, script: str, code: int, stderr: str) -> None:
    task, output = await api.run(kit, script)
    assert task["outcome"]["kind"] == "exited"
    assert task["outcome"]["exitCode"] == code
    assert output.text("stderr") == stderr
    assert output.end is not None
    assert output.end["state"] == "closed"
    assert output.end["outcome"] == task["outcome"]


@pytest.mark.parametrize(("script", "number"), [("segfault.py", signal.SIGSEGV), ("kill_itself.py", signal.SIGKILL)])
async def test_signals(api: Api, kit: App, script: str, number: int) -> None:
    task, _ = await api.run(kit, script)
    assert task["outcome"]["kind"] == "signaled"
    assert task["outcome"]["signal"] == number
    assert signal.Signals(number).name in task["outcome"]["message"]


# Runs another script of its folder as plain `python script.py`, with nothing of the platform around it.
BARE = """
import json, os, subprocess, sys
from ompy.appmanager.variables import TASK_PARAMS

script = os.path.join(os.path.dirname(__file__), TASK_PARAMS["scriptParams"]["script"])
environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
ended = subprocess.run([sys.executable, script], stdin=subprocess.DEVNULL, capture_output=True, env=environment)
print(json.dumps([ended.returncode, ended.stderr.hex()]))
"""


async def bare_python(api: Api, app: App, script: str) -> tuple[int, bytes]:
    """What plain `python script.py` writes to stderr for the same file, in the same place."""
    _, output = await api.run(app, "bare.py", {"script": script})
    code, stderr = json.loads(output.text("stdout"))
    return code, bytes.fromhex(stderr)


BROKEN = "def f(:\n    pass\n"
UNCLOSED = "print('one')\nvalues = [1, 2\n"
BAD_INDENT = "if True:\nprint('x')\n"
TRACEBACKS: dict[str, str | bytes] = {
    "chained.py": child("raise_chained.py"),
    "syntax.py": BROKEN,
    "unclosed.py": UNCLOSED,
    "indent.py": BAD_INDENT,
    "imports_broken.py": "import broken_module\n",
    "missing_module.py": "import no_such_module_here\n",
    "name.py": "def f():\n    return nam\n\nname = 1\nf()\n",
    "interrupt.py": "raise KeyboardInterrupt\n",
    "group.py": "raise ExceptionGroup('several', [ValueError(1), TypeError('two')])\n",
    "recursion.py": "def f(n):\n    return f(n + 1)\n\nf(0)\n",
    "own_class.py": "class Mine(Exception):\n    pass\n\nraise Mine('of main')\n",
    "in_exit.py": "import atexit\natexit.register(int, 'x')\nprint('over')\n",
    "bad_encoding.py": b"# -*- coding: no-such-codec -*-\nprint(1)\n",
    "not_utf8.py": b"print('\xff')\n",
    "null_byte.py": b"print(1)\x00\n",
}


@pytest.fixture(scope="module")
def failing(platform: Platform) -> App:
    async def create() -> App:
        async with platform.api() as api:
            files: dict[str, str | bytes] = {**TRACEBACKS, "broken_module.py": BROKEN, "bare.py": BARE}
            return await api.create_application("Failing", files, (*TRACEBACKS, "bare.py"))

    return asyncio.run(create())


@pytest.mark.parametrize("script", TRACEBACKS)
async def test_an_error_reads_as_in_plain_python(api: Api, failing: App, script: str) -> None:
    task, output = await api.run(failing, script)
    code, expected = await bare_python(api, failing, script)
    assert (await api.raw(task["pid"], "stderr")).decode() == expected.decode()
    assert output.text("stderr") == expected.decode()
    if code >= 0:
        assert task["outcome"]["kind"] == "exited"
        assert task["outcome"]["exitCode"] == code
    else:
        assert task["outcome"]["kind"] == "signaled"
        assert task["outcome"]["signal"] == -code


async def test_stopped_by_a_person_says_who(api: Api, kit: App) -> None:
    pid = await api.start(kit, "stopped_kindly.py")
    async with api.follow(pid) as reader:
        assert (await reader.first())["text"] == "ready\n"
        await api.stop(pid)
        rest = [record["text"] async for record in reader if record["stream"] == "stdout"]
        assert rest == ["tidied up\n"]
    task = await api.task(pid)
    assert task["outcome"]["kind"] == "stopped"
    assert task["outcome"]["message"]
    assert task["outcome"].get("exitCode") == 7


async def test_stop_of_a_task_that_ignores_term(api: Api, kit: App) -> None:
    pid = await api.start(kit, "ignore_term.py")
    async with api.follow(pid) as reader:
        await reader.first()
        await asyncio.gather(api.stop(pid), api.stop(pid))
    task = await api.closed(pid)
    assert task["outcome"]["kind"] == "stopped"
    assert task["outcome"].get("signal") == signal.SIGKILL


async def test_a_file_that_is_gone_behind_the_platforms_back(platform: Platform, api: Api) -> None:
    app = await api.create_application("Gone", {"main.py": "print(1)\n"})
    file = platform.data / "sources" / Path(app.path).name / "main.py"
    file.unlink()
    pid = await api.start(app)
    task = await api.closed(pid)
    assert task["outcome"]["kind"] == "failed_to_start"
    assert "main.py" in task["outcome"]["message"]
    result = await platform.am("run", app.id, "main.py")
    assert result.code == 125
    assert "main.py" in result.err


async def test_a_file_that_became_a_folder(platform: Platform, api: Api) -> None:
    app = await api.create_application("Folder", {"main.py": "print(1)\n"})
    file = platform.data / "sources" / Path(app.path).name / "main.py"
    file.unlink()
    file.mkdir()
    task = await api.closed(await api.start(app))
    assert task["outcome"]["kind"] == "failed_to_start"
    assert "main.py" in task["outcome"]["message"]


async def test_the_first_cause_is_the_outcome(api: Api, kit: App) -> None:
    """A stop during the grace of a timeout changes nothing."""
    pid = await api.start(kit, "ignore_term.py", {"timeout": 0.5})
    async with api.follow(pid) as reader:
        records = [record async for record in reader if record["stream"] == "stdout"]
        assert records
    assert (await api.task(pid))["outcome"]["kind"] == "timed_out"


async def test_an_interpreter_that_is_missing(own_platform: Platform, own_api: Api, own_kit: App) -> None:
    """It was there when the hypervisor looked; then somebody removed the environment, and brings it back."""
    environment = own_platform.data / "venvs/default"
    away = environment.rename(environment.with_name("away"))
    task, output = await own_api.run(own_kit, "hello.py", {"coldStart": True})
    assert task["outcome"]["kind"] == "failed_to_start"
    assert "venvs/default/bin/python" in task["outcome"]["message"]
    assert output.text("stdout") == ""
    result = await own_platform.am("run", own_kit.id, "hello.py", "--params", '{"coldStart": true}')
    assert result.code == 125
    assert "venvs/default/bin/python" in result.err
    away.rename(environment)
    task, output = await own_api.run(own_kit, "hello.py")
    assert output.lines() == ["Hello world!"]
