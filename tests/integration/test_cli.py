"""The command line: every command, --json, exit codes, Ctrl-C."""

import asyncio
import json
import os
import signal
from pathlib import Path

import pytest

from tests.support import processes
from tests.support.api import Api, App
from tests.support.platform import Platform, clean_environment

COMMANDS = [
    ["app"], ["app", "create"], ["app", "list"], ["app", "show"], ["app", "set"], ["app", "import"], ["app", "export"],
    ["app", "delete"], ["script"], ["script", "enable"], ["script", "disable"], ["run"], ["ps"], ["logs"], ["stop"],
    ["inspect"], ["venv", "list"], ["up"], ["manager"], ["hypervisor"], [],
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
async def test_help_teaches(platform: Platform, command: list[str]) -> None:
    result = await platform.am(*command, "--help", environment=clean_environment())
    assert result.code == 0
    assert result.err == ""
    assert len(result.out.splitlines()) > 3


@pytest.mark.parametrize(
    ("script", "params", "code", "words"),
    [
        ("hello.py", {}, 0, []),
        ("exit_three.py", {}, 3, []),
        ("exit_text.py", {}, 1, ["no more work"]),
        ("os_exit_four.py", {}, 4, []),
        ("sleep_long.py", {"timeout": 0.5}, 124, ["time"]),
        ("eat_memory.py", {"mb": 300}, 137, ["memory", "100"]),
        ("kill_itself.py", {}, 137, []),
        ("segfault.py", {}, 139, []),
        ("nowhere.py", {}, 125, ["nowhere.py"]),
        ("hello.py", {"timeout": 0}, 125, ["timeout"]),
    ],
)
async def test_run_exits_as_the_task_did(
    platform: Platform, kit: App, script: str, params: dict[str, object], code: int, words: list[str]
) -> None:
    result = await platform.am("run", kit.id, script, "--params", json.dumps(params))
    assert result.code == code, result
    for word in words:
        assert word in result.err


async def test_run_stopped_by_another_exits_143(platform: Platform, api: Api, kit: App) -> None:
    process = await platform.spawn_am("run", kit.id, "sleep_long.py")
    assert process.stdout is not None
    await process.stdout.readline()
    running = await api.tasks(applicationId=kit.id, state="running")
    assert len(running) == 1
    result = await platform.am("stop", running[0]["pid"])
    assert result.code == 0, result.err
    assert await asyncio.wait_for(process.wait(), 20) == 143


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_an_interrupted_run_stops_the_task(
    platform: Platform, api: Api, kit: App, number: signal.Signals
) -> None:
    process = await platform.spawn_am("run", kit.id, "sleep_long.py")
    assert process.stdout is not None
    assert int(await process.stdout.readline())
    (task,) = await api.tasks(applicationId=kit.id, state="running")
    process_ids = processes.of_task(task["pid"])
    assert process_ids
    os.kill(process.pid, number)
    assert await asyncio.wait_for(process.wait(), 20) == 143
    closed = await api.closed(task["pid"])
    assert closed["outcome"]["kind"] == "stopped"
    processes.wait_for_end(process_ids, 5)


async def test_output_is_live_and_streams_are_apart(platform: Platform, kit: App) -> None:
    process = await platform.spawn_am("run", kit.id, "stopped_kindly.py")
    assert process.stdout is not None
    assert await asyncio.wait_for(process.stdout.readline(), 20) == b"ready\n"
    os.kill(process.pid, signal.SIGINT)
    assert await asyncio.wait_for(process.stdout.readline(), 20) == b"tidied up\n"
    await process.wait()
    result = await platform.am("run", kit.id, "two_streams.py")
    assert result.out == "".join(f"out {number}\n" for number in range(5))
    assert "".join(f"err {number}\n" for number in range(5)) in result.err


async def test_run_with_params_from_a_file(platform: Platform, kit: App, tmp_path: Path) -> None:
    file = tmp_path / "params.json"
    file.write_text('{"x": ["Я", 1]}')
    result = await platform.am("run", kit.id, "echo_params.py", "--params", f"@{file}")
    assert json.loads(result.out) == {"x": ["Я", 1]}
    result = await platform.am("run", kit.id, "echo_params.py", "--params", f"@{tmp_path}/missing.json")
    assert result.code in (2, 125)
    assert "missing.json" in result.err


@pytest.mark.parametrize("params", ["[]", "{", "5", '{"timeout": NaN}', ""])
async def test_run_with_wrong_params_starts_nothing(platform: Platform, api: Api, kit: App, params: str) -> None:
    before = await api.tasks(limit=1)
    result = await platform.am("run", kit.id, "hello.py", "--params", params)
    assert result.code in (2, 125)
    assert "params" in result.err or "timeout" in result.err
    assert await api.tasks(limit=1) == before


async def test_detach_logs_inspect_ps(platform: Platform, api: Api, kit: App) -> None:
    result = await platform.am("run", kit.id, "ticking.py", "--detach", "--params", '{"lines":3,"pause":0.1,"code":5}')
    assert result.code == 0
    pid = result.out.strip()
    followed = await platform.am("logs", pid, "--follow")
    assert followed.out == "tick 0\ntick 1\ntick 2\n"
    assert (await platform.am("logs", pid)).out == followed.out
    inspected = await platform.am("inspect", pid, "--json")
    assert json.loads(inspected.out) == await api.task(pid)
    assert pid in (await platform.am("inspect", pid)).out
    assert pid not in (await platform.am("ps")).out
    everything = json.loads((await platform.am("ps", "--all", "--json")).out)
    tasks = everything if isinstance(everything, list) else everything["tasks"]
    assert pid in [task["pid"] for task in tasks]


async def test_ps_shows_running_tasks(platform: Platform, api: Api, kit: App) -> None:
    pid = await api.start(kit, "sleep_long.py")
    async with api.follow(pid) as reader:
        await reader.first()
    shown = await platform.am("ps", "--json")
    listed = json.loads(shown.out)
    tasks = listed if isinstance(listed, list) else listed["tasks"]
    assert pid in [task["pid"] for task in tasks]
    assert "sleep_long.py" in (await platform.am("ps")).out
    result = await platform.am("stop", pid)
    assert result.code == 0
    await api.closed(pid)


async def test_scripts_are_made_executable_and_not(platform: Platform, api: Api) -> None:
    app = await api.create_application("Scripts", {"main.py": "print('ran')\n"}, ())
    assert (await platform.am("run", "Scripts", "main.py")).code == 125
    enabled = await platform.am("script", "enable", "Scripts", "main.py")
    assert enabled.code == 0, enabled.err
    assert (await platform.am("run", app.id, "main.py")).out == "ran\n"
    assert (await platform.am("script", "disable", app.id, "main.py")).code == 0
    assert (await platform.am("run", "Scripts", "main.py")).code == 125


async def test_import_and_export_keep_every_file(platform: Platform, api: Api, tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "folder/deeper").mkdir(parents=True)
    files = {
        "main.py": b"import folder.helper\nprint('main')\n",
        "folder/helper.py": b"x = 1\n",
        "folder/deeper/data.bin": bytes(range(256)) * 100,
        "имя файла.txt": "содержимое".encode(),
        "empty": b"",
    }
    for path, content in files.items():
        (source / path).write_bytes(content)
    (source / "main.py").chmod(0o755)
    imported = await platform.am("app", "import", str(source), "--name", "RoundTrip", "--json")
    assert imported.code == 0, imported.err
    app_id = json.loads(imported.out)["id"]
    for path, content in files.items():
        assert await api.get_file(app_id, path) == content
    assert (await platform.am("run", "RoundTrip", "main.py")).out == "main\n"
    archive = tmp_path / "export.archive"
    exported = await platform.am("app", "export", "RoundTrip", str(archive))
    assert exported.code == 0, exported.err
    back = tmp_path / "back"
    back.mkdir()
    unpack(archive, back)
    found = {str(path.relative_to(back)): path.read_bytes() for path in back.rglob("*") if path.is_file()}
    assert {name: content for name, content in found.items() if name in files} == files
    assert os.access(back / "main.py", os.X_OK)
    assert not os.access(back / "folder/helper.py", os.X_OK)
    again = await platform.am("app", "import", str(back), "--name", "RoundTripAgain")
    assert again.code == 0, again.err
    assert (await platform.am("run", "RoundTripAgain", "main.py")).out == "main\n"
    assert (await platform.am("app", "delete", "RoundTripAgain")).code == 0
    assert (await platform.am("run", "RoundTripAgain", "main.py")).code == 125


def unpack(archive: Path, target: Path) -> None:
    import tarfile
    import zipfile

    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as opened:
            for item in opened.infolist():
                path = Path(opened.extract(item, target))
                if path.is_file() and item.external_attr >> 16:
                    path.chmod(item.external_attr >> 16 & 0o777)
    else:
        with tarfile.open(archive) as packed:
            packed.extractall(target)


async def test_application_commands(platform: Platform, api: Api) -> None:
    created = await platform.am("app", "create", "ByHand", "--json")
    assert created.code == 0, created.err
    app_id = json.loads(created.out)["id"]
    listed = json.loads((await platform.am("app", "list", "--json")).out)
    apps = listed if isinstance(listed, list) else listed["applications"]
    assert app_id in [app["id"] for app in apps]
    assert "ByHand" in (await platform.am("app", "list")).out
    assert (await platform.am("app", "delete", app_id)).code == 0
    assert (await platform.am("app", "delete", app_id)).code != 0


async def test_unknown_things_say_so(platform: Platform) -> None:
    for arguments in (["logs", "nopid"], ["stop", "nopid"], ["inspect", "nopid"], ["app", "export", "NoApp", "/tmp/x"]):
        result = await platform.am(*arguments)
        assert result.code != 0
        assert result.out == ""
        assert arguments[-1] in result.err or arguments[2] in result.err


async def test_wrong_usage_exits_2(platform: Platform) -> None:
    for arguments in (["run"], ["frobnicate"], ["ps", "--frobnicate"], ["app", "create"]):
        result = await platform.am(*arguments)
        assert result.code == 2, (arguments, result)
        assert result.err


async def test_no_server_and_wrong_token_say_so(platform: Platform) -> None:
    away = clean_environment({"AM_URL": "http://127.0.0.1:9", "AM_TOKEN": "x"})
    result = await platform.am("ps", environment=away)
    assert result.code == 1
    assert "127.0.0.1:9" in result.err
    stranger = clean_environment({"AM_URL": platform.url, "AM_TOKEN": "wrong"})
    result = await platform.am("ps", environment=stranger)
    assert result.code == 1
    assert "token" in result.err.lower()


async def test_the_local_platform_is_found_through_its_data_directory(platform: Platform) -> None:
    result = await platform.am("ps", environment=clean_environment({"AM_DATA": str(platform.data)}))
    assert result.code == 0, result.err
    result = await platform.am("ps", "--data", str(platform.data), environment=clean_environment())
    assert result.code == 0, result.err


async def test_a_reader_that_leaves_ends_the_command(platform: Platform, api: Api, kit: App) -> None:
    pid = await api.start(kit, "flood.py", {"mb": 20})
    process = await platform.spawn_am("logs", pid, "--follow")
    assert process.stdout is not None
    await process.stdout.readline()
    process._transport.get_pipe_transport(1).close()  # type: ignore[attr-defined]
    assert await asyncio.wait_for(process.wait(), 20) in (141, -signal.SIGPIPE)
    await api.closed(pid)


async def test_shell_completion(platform: Platform) -> None:
    for shell in ("bash", "zsh", "fish"):
        result = await platform.am("completion", shell, environment=clean_environment())
        assert result.code == 0, result.err
        assert "am" in result.out
        assert "run" in result.out
