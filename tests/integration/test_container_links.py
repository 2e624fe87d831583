"""The platform works as root on folders that tasks write: it must follow no link that a task has laid there."""

import contextlib
from pathlib import Path

import pytest

from tests.support.api import Api, ApiError, App
from tests.support.children import all_children
from tests.support.code_tasks import hearing, run_code, start_code
from tests.support.containers import needs_container
from tests.support.daemons import running_cluster
from tests.support.platform import running_platform

pytestmark = needs_container


async def create_kit(api: Api) -> App:
    return await api.create_application("Children", all_children())


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    """A folder of the machine's root, with a file of its."""
    folder = tmp_path / "precious"
    folder.mkdir(mode=0o700)
    (folder / "python").write_text("the machine's own")
    return folder


async def test_a_link_in_the_place_of_a_queued_tasks_workdir(precious: Path) -> None:
    """/workdirs is everybody's to write, and a parent knows its child's pid before the child starts."""
    lay = """
    import os
    read_json_from_observer()
    child = run_am_script("run_code.py", {"code": "import os\\nsay(os.listdir('.'))"})
    os.symlink(params["target"], f"/workdirs/{child}")
    say(child)
    """
    with running_cluster() as cluster:
        cluster.start_hypervisor("small", ["--capacity", "1"])
        async with cluster.api() as api:
            kit = await create_kit(api)
            pid = await start_code(api, kit, lay, target=str(precious))
            async with hearing(api, pid) as parent:
                await api.call("POST", f"/tasks/{pid}/messages", {"message": "go"})
                child = await parent.next()
            await api.closed(child)
            seen = (await api.output(child)).text("stdout")
        assert "python" not in seen
        owner = precious.stat()
        assert (owner.st_uid, owner.st_mode & 0o777) == (0, 0o700)


async def test_a_link_in_the_environment(precious: Path) -> None:
    """/venvs is tasks' to write, and the next start puts the default environment in order."""
    lay = """
    import os
    os.rename("/venvs/default/bin", "/venvs/default/moved")
    os.symlink(params["target"], "/venvs/default/bin")
    """
    with running_platform() as own:
        async with own.api() as api:
            await run_code(api, await create_kit(api), lay, target=str(precious))
        own.stop()
        own.start()
    assert [path.name for path in precious.iterdir()] == ["python"]
    assert not (precious / "python").is_symlink()
    assert (precious / "python").read_text() == "the machine's own"


async def test_a_link_in_the_place_of_a_temporary_file(precious: Path) -> None:
    lay = """
    import os
    for number in range(*params["numbers"]):
        os.symlink(params["target"], f"/venvs/default/pyvenv.cfg.{number}.tmp")
    """
    with running_platform() as own:
        async with own.api() as api:
            numbers = [own.hypervisor_pid, own.hypervisor_pid + 2000]  # the next hypervisor is among them
            await run_code(api, await create_kit(api), lay, target=str(precious / "python"), numbers=numbers)
        own.stop()
        own.start()
    assert (precious / "python").read_text() == "the machine's own"


# With --sources-writable a task's links lie in what the manager, root too, reads and writes for its users.
LINKS = {
    "file": "os.symlink(secret, folder + '/leak')",
    "folder": "os.symlink(parent, folder + '/leak')",
    "relative": "os.symlink('../../secret', folder + '/leak')",
    "hard link": "os.link(secret, folder + '/leak')",
    "application": "(os.rename(folder, folder + '-moved'), os.symlink(parent, folder))",
}


@pytest.mark.parametrize("kind", LINKS)
async def test_a_link_in_writable_sources(kind: str) -> None:
    lay = """
    import os
    secret, parent, folder = params["secret"], params["parent"], TASK_PARAMS["applicationPath"]
    try:
        eval(params["lay"])
        say("laid")
    except OSError as refused:
        say(refused.strerror)
    """
    with running_platform(options=["--sources-writable"]) as own:
        async with own.api() as api:
            kit = await create_kit(api)
            secret = own.data / "secret"
            before = secret.read_text()
            [laid] = await run_code(api, kit, lay, secret=str(secret), parent=str(own.data), lay=LINKS[kind])
            # No file of the machine is there to be linked hard; everything else the option allows.
            assert laid == ("No such file or directory" if kind == "hard link" else "laid")
            for path in ("leak", "leak/secret", "secret", "manager/am.db"):
                with pytest.raises(ApiError):
                    await api.get_file(kit.id, path)
                with contextlib.suppress(ApiError):  # a file of that name in the link's place would be well
                    await api.put_file(kit.id, path, "overwritten")
            assert secret.read_text() == before
            assert (own.data / "manager/am.db").read_bytes()[:6] == b"SQLite"
