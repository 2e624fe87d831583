"""Options of the task container: without it, without a network, with writable sources, isolation by default."""

import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support import container_processes
from tests.support.api import Api, App
from tests.support.attacks import attempts
from tests.support.children import all_children
from tests.support.code_tasks import run_code
from tests.support.containers import needs_container
from tests.support.platform import AM_BIN, clean_environment, running_platform
from tests.support.processes import cgroup_folders

pytestmark = needs_container


async def create_kit(api: Api) -> App:
    return await api.create_application("Children", all_children())


async def test_no_image_is_the_machines_own_python() -> None:
    with running_platform(options=["--image", "none"]) as own:
        async with own.api() as api:
            code = """
            import os
            say([TASK_PARAMS["applicationPath"], os.getcwd(), os.getuid(), os.readlink("/proc/self/ns/pid")])
            """
            [[application, cwd, user, namespace]] = await run_code(api, await create_kit(api), code)
        assert application.startswith(f"{own.data}/sources/")
        assert cwd.startswith(f"{own.data}/workdirs/")
        assert user == os.geteuid()
        assert namespace == os.readlink("/proc/self/ns/pid")
        [line] = [line for line in (own.data / "logs/hypervisor.log").read_text().splitlines() if "[warning]" in line]
        assert "tasks run on this machine's own Python" in line
        assert line.endswith("--image none")
        assert container_processes.processes_of_containers(own.data) == []


async def test_no_outgoing_connections() -> None:
    code = """
    say([socket.if_nameindex(), open("/etc/resolv.conf").read()])
    attempt(fetch, "192.0.2.1", 80)
    attempt(fetch, "10.0.2.2", 80)
    attempt(socket.getaddrinfo, "debian.org", 80)
    with socket.create_server(("127.0.0.1", 0)) as server:
        attempt(socket.create_connection, server.getsockname())
    attempt(socket.create_connection, ("127.0.0.1", 18564))
    """
    with running_platform(options=["--no-outgoing"]) as own:
        async with own.api() as api:
            [interfaces, resolver], *refused, inside, bridge = await attempts(api, await create_kit(api), code)
        assert [name for _, name in interfaces] == ["lo"]
        assert resolver == ""
        assert refused[:2] == ["ENETUNREACH"] * 2
        assert "succeeded" not in refused[2]
        assert inside.startswith("succeeded")
        assert bridge.startswith("succeeded")
        assert container_processes.network_process(own.data) == 0


@pytest.mark.parametrize("writable", [True, False])
async def test_bytecode_in_the_applications_folder(writable: bool) -> None:
    files = {"main.py": "import helper\nhelper.say()\n", "helper.py": "def say():\n    print('said')\n"}
    with running_platform(options=["--sources-writable"] if writable else []) as own:
        async with own.api() as api:
            app = await api.create_application("Compiled", files, ("main.py",))
            for _ in range(2):
                task, output = await api.run(app)
                assert (task["outcome"]["exitCode"], output.text()) == (0, "said\n")
        folder = own.data / "sources" / app.path.rpartition("/")[2]
        compiled = list(folder.rglob("*.pyc"))
        assert len(compiled) == writable
        for path in compiled:
            assert path.match("__pycache__/helper.*.pyc")


async def test_writable_sources_belong_to_the_owner_of_their_folder() -> None:
    """What a task makes there is nobody's but the platform's, and the platform can change and remove it."""
    code = """
    import os
    folder = TASK_PARAMS["applicationPath"]
    os.mkdir(folder + "/made")
    for path in ("/made/new.txt", "/hello.py"):
        open(folder + path, "w").write("changed")
    say(os.stat(folder + "/made/new.txt").st_uid == os.getuid())
    """
    with running_platform(options=["--sources-writable"]) as own:
        async with own.api() as api:
            kit = await create_kit(api)
            assert await run_code(api, kit, code) == [True]
            for path in ("made/new.txt", "hello.py"):
                assert await api.get_file(kit.id, path) == b"changed"
            await api.put_file(kit.id, "made/new.txt", "again")
            folder = own.data / "sources" / kit.path.rpartition("/")[2]
            owner = folder.stat()
            for path in ("made", "made/new.txt", "hello.py"):
                made = (folder / path).stat()
                assert (made.st_uid, made.st_gid) == (owner.st_uid, owner.st_gid)


@dataclass
class Refused:
    """How an `am up` went that was to refuse at once."""

    returncode: int
    stderr: str
    cgroups: list[Path]  # that it left behind


def end_of(*options: str, environment: dict[str, str] | None = None) -> Refused:
    with tempfile.TemporaryDirectory(prefix="am-test-") as folder:
        command = [str(AM_BIN), "up", "--data", f"{folder}/data", "--listen", "127.0.0.1:0", "--resource-port", "0"]
        done = subprocess.run(
            [*command, "--ipc-port", "0", *options],
            capture_output=True,
            text=True,
            timeout=30,
            env=clean_environment(environment),
            cwd="/",
        )
        made = (Path(folder) / "data/run/hypervisor.id").exists()
        cgroups = cgroup_folders(container_processes.cgroup_of(Path(folder) / "data")) if made else []
        for left in sorted(cgroups, reverse=True):
            left.rmdir()
        return Refused(done.returncode, done.stderr, cgroups)


@pytest.mark.parametrize("image", ["/nonexistent", "/etc/passwd"])
def test_a_bad_image_is_refused(image: str) -> None:
    done = end_of("--image", image)
    assert done.returncode != 0
    assert "--image" in done.stderr
    assert image in done.stderr


@pytest.mark.parametrize("by", ["option", "variable"])
def test_isolation_without_a_container_is_refused(by: str) -> None:
    if by == "option":
        done = end_of("--isolation", "isolated", "--image", "none")
    else:
        done = end_of("--image", "none", environment={"TASK_ISOLATION": "isolated"})
    assert done.returncode != 0
    assert "--isolation isolated needs a task container: --image none" in done.stderr


def test_a_refused_start_leaves_no_cgroup() -> None:
    assert end_of("--image", "/nonexistent").cgroups == []


def test_an_unknown_isolation_is_refused() -> None:
    done = end_of(environment={"TASK_ISOLATION": "sometimes"})
    assert done.returncode != 0
    assert "sometimes" in done.stderr


@pytest.mark.parametrize(("variable", "options", "isolated"), [
    ("isolated", [], True), ("shared", [], False), ("isolated", ["--isolation", "shared"], False),
])  # fmt: skip
async def test_isolation_by_the_environment(variable: str, options: list[str], isolated: bool) -> None:
    with running_platform({"TASK_ISOLATION": variable}, options) as own:
        async with own.api() as api:
            kit = await create_kit(api)
            users = [await run_code(api, kit, "import os\nsay(os.getuid())") for _ in range(2)]
            assert (users[0] != users[1]) == isolated
