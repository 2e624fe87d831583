"""The systemd units: they parse, their options exist, and they are closed as far as they can be."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.options import unknown_options
from tests.support.platform import AM_BIN, ROOT

FOLDER = ROOT / "packaging/systemd"
UNITS = sorted(path.name for path in FOLDER.glob("*.service"))
# Of systemd-analyze, 10 is wide open. The hypervisor makes mounts and other users' processes.
EXPOSURE = {"am-manager.service": 2.0, "am-hypervisor.service": 6.5}
needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")


def settings(unit: str) -> Iterator[tuple[str, str]]:
    for line in (FOLDER / unit).read_text().splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            yield key, value


def analyze(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units as if this build were installed."""
    for unit in UNITS:
        (tmp_path / unit).write_text((FOLDER / unit).read_text().replace("/usr/local/bin", str(AM_BIN.parent)))
    return tmp_path


@pytest.mark.parametrize("unit", UNITS)
def test_options_of_the_command_exist(unit: str) -> None:
    text = (FOLDER / unit).read_text()
    commands = [shlex.split(value) for key, value in settings(unit) if key == "ExecStart"]
    # What the comments and documents propose for the files of options.
    commands += [[*commands[0][:2], *shlex.split(one)] for one in re.findall(r'AM_\w+_OPTIONS="([^"]+)"', text)]
    assert len(commands) == 2
    assert [unknown_options(command) for command in commands] == [[], []]


@needs_systemd
@pytest.mark.parametrize("unit", UNITS)
def test_systemd_understands_every_line(unit: str, units: Path) -> None:
    done = analyze("verify", "--man=no", units / unit)
    ours = [line for line in done.stderr.splitlines() if unit in line]
    assert ours == []
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("unit", UNITS)
def test_files_can_be_opened(unit: str) -> None:
    """systemd forbids openat2() with this setting, because its filter cannot see that call's mode."""
    assert "RestrictSUIDSGID" not in dict(settings(unit))


@needs_systemd
@pytest.mark.parametrize("unit", UNITS)
def test_exposure(unit: str, units: Path) -> None:
    done = analyze("security", "--offline=true", units / unit)
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
    assert found, done.stdout + done.stderr
    print(f"{unit}: exposure {found[1]}")
    assert float(found[1]) <= EXPOSURE[unit], done.stdout


def test_a_restart_of_the_hypervisor_leaves_its_tasks_alone() -> None:
    having = dict(settings("am-hypervisor.service"))
    assert having["KillMode"] == "process"
    assert having["OOMPolicy"] == "continue"
    assert having["Delegate"] == "yes"
    # systemd removes these folders at every stop, under the tasks that go on.
    assert not having.keys() & {"PrivateTmp", "RuntimeDirectory", "DynamicUser"}
    assert "--stop-tasks-on-exit" not in having["ExecStart"]


def test_the_units_agree() -> None:
    manager, hypervisor = (dict(settings(f"am-{name}.service")) for name in ("manager", "hypervisor"))
    data = f"/var/lib/{manager['StateDirectory']}"
    assert f"--data {data} " in manager["ExecStart"]
    assert f"--sources {data}/sources " in hypervisor["ExecStart"]
    assert f"--data /var/lib/{hypervisor['StateDirectory']} " in hypervisor["ExecStart"]
    secret = manager["LoadCredential"].partition(":")[2]
    assert f"--secret-file {secret} " in hypervisor["ExecStart"]
    users = (FOLDER / "application-manager.conf").read_text()
    assert f"u {manager['User']} " in users
