"""What a task finds around itself."""

import asyncio
import json
import os
import re
from typing import Any

import pytest

from tests.support.api import Api, App
from tests.support.children import child
from tests.support.platform import Platform

PACKAGES = [
    "aiohttp", "aiosignal", "async-timeout", "attrs", "charset-normalizer", "frozenlist", "idna", "lxml",
    "multidict", "psutil", "six", "yarl",
]  # fmt: skip
PASSED_ON = {"PATH", "LANG", "TZ", "HOME", "PWD", "VIRTUAL_ENV"} | {
    name for proxy in ("http_proxy", "https_proxy", "no_proxy", "all_proxy") for name in (proxy, proxy.upper())
}
DOCUMENTED = {"DEFAULT_TASK_TIMEOUT_SEC", "DEFAULT_TASK_MAX_MEMORY_MB", "RESOURCE_SERVER_LOCAL_PORT"}
PYTHON_OWN = {"LC_CTYPE", "SHLVL", "_", "OLDPWD"}


@pytest.fixture(scope="module")
def seen(platform: Platform) -> dict[str, Any]:
    """What surroundings.py in a folder of the application saw."""

    async def look() -> dict[str, Any]:
        async with platform.api() as api:
            source = child("surroundings.py")
            app = await api.create_application("Surroundings", {"folder/look.py": source, "top.py3": source})
            pid = await api.start(app, "folder/look.py", {"answer": 42})
            output = await api.output(pid)
            assert output.text("stderr") == ""
            task, top = await api.run(app, "top.py3")
            assert task["outcome"]["kind"] == "exited", top
            return {**json.loads(output.text("stdout")), "pid": pid, "top": json.loads(top.text("stdout"))}

    return asyncio.run(look())


def root_of(seen: dict[str, Any]) -> str:
    return str(seen["params"]["applicationPath"])


def test_working_directory_is_the_tasks_own(seen: dict[str, Any]) -> None:
    assert seen["cwd"] == seen["params"]["outputPath"]
    assert os.path.basename(seen["cwd"]) == seen["pid"]


def test_import_path_is_script_folder_then_application(seen: dict[str, Any]) -> None:
    root = root_of(seen)
    assert seen["path"][:2] == [f"{root}/folder", root]
    assert re.search(r"/Surroundings-[A-Za-z0-9]{6}$", root)
    assert seen["top"]["path"][0] == root
    assert seen["top"]["path"].count(root) in (1, 2)


def test_arguments_and_name_are_as_in_plain_python(seen: dict[str, Any]) -> None:
    assert seen["argv"] == [f"{root_of(seen)}/folder/look.py"]
    assert seen["file"] == seen["argv"][0]
    assert seen["name"] == "__main__"
    assert {"__annotations__", "__builtins__", "__cached__", "__doc__", "__file__", "__loader__", "__name__",
            "__package__", "__spec__"} >= set(seen["main_keys"])  # fmt: skip


def test_params_have_exactly_the_six_keys(seen: dict[str, Any]) -> None:
    params = seen["params"]
    assert list(params) == ["pid", "parentPid", "applicationPath", "scriptPath", "scriptParams", "outputPath"]
    assert params["pid"] == seen["pid"]
    assert params["parentPid"] is None
    assert params["scriptPath"] == "folder/look.py"
    assert params["scriptParams"] == {"answer": 42}


def test_python_on_the_path_is_the_tasks_interpreter(seen: dict[str, Any]) -> None:
    assert seen["python"] == seen["executable"]
    assert seen["environment"]["PATH"].split(":")[0] == os.path.dirname(seen["executable"])


def test_standard_input_is_empty(seen: dict[str, Any]) -> None:
    assert seen["stdin"] == ""


def test_everything_is_utf8(seen: dict[str, Any]) -> None:
    assert [name.lower().replace("-", "") for name in seen["encodings"]] == ["utf8"] * 4
    assert "utf" in seen["environment"]["LANG"].lower().replace("-", "")


def test_the_environment_has_only_the_documented_names(seen: dict[str, Any]) -> None:
    environment = seen["environment"]
    unknown = {
        name
        for name in environment
        if not name.startswith("AM_") and name not in PASSED_ON | DOCUMENTED | PYTHON_OWN
        and not name.startswith("PYTHON")
    }  # fmt: skip
    assert not unknown
    assert set(environment) >= DOCUMENTED | {"PATH", "LANG"}
    assert float(environment["DEFAULT_TASK_TIMEOUT_SEC"]) == 300
    assert float(environment["DEFAULT_TASK_MAX_MEMORY_MB"]) == 100


def test_the_environment_has_no_secret(platform: Platform, seen: dict[str, Any]) -> None:
    environment = seen["environment"]
    assert not [name for name in environment if re.search("TOKEN|SECRET|PASSWORD", name.upper())]
    assert platform.token not in json.dumps(seen)
    secrets = [
        path.read_text(errors="replace").strip()
        for path in platform.data.glob("manager/*")
        if path.is_file() and path.suffix in ("", ".secret", ".key", ".token") and path.stat().st_size < 4096
    ]
    for secret in secrets:
        assert len(secret) < 16 or secret not in json.dumps(seen)


def test_descriptors_are_the_three_and_the_documented(seen: dict[str, Any]) -> None:
    # One more is the folder that listing /proc/self/fd opens.
    assert seen["descriptors"][:3] == [0, 1, 2]
    assert len(seen["descriptors"]) <= 5


def test_the_platform_brings_no_module_of_the_package_set(seen: dict[str, Any]) -> None:
    assert not {"aiohttp", "asyncio", "psutil", "lxml"} & set(seen["modules"])


async def test_the_platforms_own_environment_does_not_leak(platform: Platform, api: Api, kit: App) -> None:
    _, output = await api.run(kit, "surroundings.py")
    environment = json.loads(output.text("stdout"))["environment"]
    assert "PYTEST_CURRENT_TEST" not in environment
    assert "VIRTUAL_ENV" not in environment or "/tmp/venv" not in environment["VIRTUAL_ENV"]


async def test_the_package_set_imports_in_its_pinned_versions(platform: Platform, api: Api, kit: App) -> None:
    task, output = await api.run(kit, "packages.py", {"memoryLimit": 300})
    assert task["outcome"]["exitCode"] == 0, output.text("stderr")
    versions = json.loads(output.text("stdout"))
    assert sorted(versions) == PACKAGES
    listed = await platform.am("venv", "list", "--json")
    assert listed.code == 0, listed.err
    for name, version in versions.items():
        assert name in listed.out
        assert version in listed.out


async def test_files_stay_after_the_end_and_others_read_them_by_pid(platform: Platform, api: Api, kit: App) -> None:
    first, output = await api.run(kit, "write_result.py", {"text": "from the first"})
    folder = output.lines()[-1]
    kept = platform.data / "workdirs" / first["pid"] / "result.txt"
    assert kept.read_text() == "from the first"
    second, output = await api.run(kit, "write_result.py", {"text": "from the second", "other": first["pid"]})
    assert output.lines() == ["from the first", folder.replace(first["pid"], second["pid"])]


async def test_sources_are_not_changed_by_running(platform: Platform, api: Api) -> None:
    app = await api.create_application("Clean", {"main.py": "import helper\n", "helper.py": "x = 1\n"}, ("main.py",))
    task, output = await api.run(app)
    assert task["outcome"]["exitCode"] == 0, output
    folder = platform.data / "sources" / app.path.rstrip("/").rsplit("/", 1)[-1]
    assert sorted(path.name for path in folder.rglob("*")) == ["helper.py", "main.py"]


async def test_variables_as_plain_names(api: Api) -> None:
    source = (
        "from ompy.appmanager import variables as v\n"
        "print(v.PID == v.TASK_PARAMS['pid'], v.PARENT_PID, type(v.RESOURCE_SERVER_LOCAL_PORT).__name__)\n"
    )
    app = await api.create_application("Names", {"main.py": source})
    _, output = await api.run(app)
    assert output.lines()[0].startswith("True None"), output


async def test_a_module_of_the_script_may_shadow_the_standard_library(api: Api) -> None:
    """sys.path[0] is the script's folder from the first import on, as in plain Python."""
    files = {"main.py": "import statistics\nprint(statistics.mine)\n", "statistics.py": "mine = 'mine'\n"}
    app = await api.create_application("Shadow", files, ("main.py",))
    _, output = await api.run(app)
    assert output.lines() == ["mine"]


async def test_main_module_can_be_imported_and_pickled(api: Api) -> None:
    source = (
        "import multiprocessing, pickle, sys\n\n"
        "class Value:\n    x = 5\n\n"
        "def work(n):\n    return n * 2\n\n"
        "if __name__ == '__main__':\n"
        "    print(pickle.loads(pickle.dumps(Value())).x, sys.modules['__main__'].Value is Value)\n"
        "    with multiprocessing.get_context('spawn').Pool(1) as pool:\n"
        "        print(pool.map(work, [1, 2]))\n"
    )
    app = await api.create_application("MainModule", {"main.py": source})
    task, output = await api.run(app, params={"memoryLimit": 300})
    assert output.lines() == ["5 True", "[2, 4]"], output.text("stderr")
    assert task["outcome"]["exitCode"] == 0
