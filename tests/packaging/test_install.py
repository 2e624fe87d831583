"""`cmake --install`: a prefix that needs nothing of the build tree, and that can be replaced under running tasks."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from tests.packaging.conftest import BUILD, install
from tests.support.children import child
from tests.support.platform import ROOT, running_platform

SHARE = "share/application-manager"


def texts(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and path.suffix not in {".pyc", ".so", ".br", ".gz"}:
            yield path, path.read_bytes().decode("latin-1")


def test_layout(prefix: Path) -> None:
    assert sorted(path.name for path in (prefix / "bin").iterdir()) == ["am", "am-container", "am-observer"]
    share = prefix / SHARE
    assert sorted(path.name for path in share.iterdir()) == ["python", "venvs", "web"]
    assert (share / "web/index.html").stat().st_size > 0
    assert list((share / "python/ompy").rglob("*.pyc")), "tasks may not write the bytecode themselves"
    default = share / "venvs/default"
    assert default.is_symlink()
    assert not Path(os.readlink(default)).is_absolute()
    assert {path.name for path in (prefix / "lib/systemd/system").iterdir()} == {
        "am-hypervisor.service", "am-manager.service",
    }  # fmt: skip


def test_nothing_names_the_build_tree_or_is_writable_by_all(prefix: Path) -> None:
    naming = [str(path) for path, text in texts(prefix) if str(BUILD) in text and path.parent.name != "bin"]
    assert naming == []
    scripts = [
        str(path) for path, text in texts(prefix / SHARE / "venvs") if str(BUILD) in text or str(ROOT / "build") in text
    ]
    assert scripts == []
    open_to_all = [
        str(path) for path in prefix.rglob("*") if not path.is_symlink() and path.stat().st_mode & stat.S_IWOTH
    ]
    assert open_to_all == []


async def test_it_runs_from_its_prefix(prefix: Path, installed_am: Path) -> None:
    with running_platform() as platform:
        assert os.readlink(f"/proc/{platform.manager_pid}/exe") == str(installed_am)
        async with platform.api() as api:
            kit = await api.create_application(
                "Kit", {"hello.py": child("hello.py"), "packages.py": child("packages.py")}
            )
            task, output = await api.run(kit, "hello.py")
            assert (task["outcome"]["kind"], task["outcome"]["exitCode"]) == ("exited", 0)
            assert output.lines() == ["Hello world!"]
            task, _ = await api.run(kit, "packages.py")
            assert (task["outcome"]["kind"], task["outcome"]["exitCode"]) == ("exited", 0)
            (venv,) = [one for one in await api.call("GET", "/venvs") if one["name"] == "default"]
            assert "missing" not in venv["note"]
        link = platform.data / "venvs/default"
        assert os.readlink(link) == str(prefix / SHARE / "venvs/default")


async def test_an_installation_over_it_hurts_no_task(prefix: Path, installed_am: Path) -> None:
    with running_platform() as platform:
        async with platform.api() as api:
            kit = await api.create_application(
                "Kit", {"ticking.py": child("ticking.py"), "hello.py": child("hello.py")}
            )
            pid = await api.start(kit, "ticking.py", {"lines": 30, "pause": 0.05})
            before = installed_am.stat().st_ino
            for path in prefix.rglob("*"):
                if path.is_file() and not path.is_symlink():
                    os.utime(path, (0, 0))  # whatever looks unchanged is left alone
            install(prefix, "--strip")
            assert installed_am.stat().st_ino != before
            task = await api.closed(pid)
            assert (task["outcome"]["kind"], task["outcome"]["exitCode"]) == ("exited", 0)
            assert (await api.output(pid)).lines() == [f"tick {line}" for line in range(30)]
            _, output = await api.run(kit, "hello.py")
            assert output.lines() == ["Hello world!"]


def test_a_new_environment_comes_beside_the_former(tmp_path: Path) -> None:
    venvs = tmp_path / SHARE / "venvs"
    for name in (".default.older", ".default.former"):
        (venvs / name).mkdir(parents=True)
    (venvs / "default").symlink_to(".default.former")
    install(tmp_path, "--component", "hypervisor")
    current = os.readlink(venvs / "default")
    assert {path.name for path in venvs.iterdir()} == {"default", ".default.former", current}
    assert (venvs / current / "complete").exists()


def test_staged_installation_names_its_later_place(tmp_path: Path) -> None:
    install(Path("/opt/am"), destdir=tmp_path)
    for path, text in texts(tmp_path / "opt/am" / SHARE / "venvs"):
        assert str(tmp_path) not in text, path
    unit = (tmp_path / "opt/am/lib/systemd/system/am-manager.service").read_text()
    assert "ExecStart=/opt/am/bin/am manager" in unit
    assert "/usr/local" not in unit


def test_the_manager_alone_has_no_python(tmp_path: Path) -> None:
    for component in ("am", "manager"):
        install(tmp_path, "--component", component)
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.glob("*/*")) == ["bin/am", SHARE]
    assert [path.name for path in (tmp_path / SHARE).iterdir()] == ["web"]
