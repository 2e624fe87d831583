"""The shell pieces of the bootstrap: package lists, locks, messages, the sum at the end."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tools import summary

ROOT = Path(__file__).resolve().parents[2]


def bash(script: str, *, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Runs a script after the bootstrap's pieces, with another PATH where asked."""
    pieces = "set -euo pipefail; source tools/lib.sh; source tools/packages.sh; source tools/build.sh\n"
    environment = dict(os.environ)
    if path is not None:
        environment["PATH"] = str(path)
    return subprocess.run(
        ["/bin/bash", "-c", pieces + script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def folder_with(folder: Path, *tools: str, **scripts: str) -> Path:
    """A folder for PATH with these tools of the machine and these programs of ours."""
    for tool in tools:
        found = shutil.which(tool)
        assert found is not None, tool
        (folder / tool).symlink_to(found)
    for name, text in scripts.items():
        (folder / name.replace("_", "-")).write_text(f"#!/bin/bash\n{text}\n")
        (folder / name.replace("_", "-")).chmod(0o755)
    folder.chmod(0o755)
    return folder


@pytest.mark.parametrize(("release", "boost"), [("12", "libboost1.81-dev"), ("13", "libboost1.83-dev")])
def test_packages_of_a_release(release: str, boost: str) -> None:
    names = bash(f"debian_release() {{ echo {release}; }}; packages_of run build").stdout.split()
    assert boost in names
    assert [name for name in names if name.startswith("libboost1.")] == [boost]
    assert "python3-venv" in names
    assert not {"clang-19", "python3-aiohttp"} & set(names)
    assert len(names) == len(set(names))


def test_only_what_is_missing_counts(tmp_path: Path) -> None:
    fake = "echo 'installed g++'; echo 'config-files cmake'; exit 1"
    path = folder_with(tmp_path, "bash", "sed", "sort", "comm", "dirname", dpkg_query=fake)
    assert bash("missing_packages cmake g++ mold", path=path).stdout.split() == ["cmake", "mold"]


def test_neither_root_nor_sudo(tmp_path: Path) -> None:
    tools = ("bash", "sed", "sort", "comm", "tr", "dirname")
    path = folder_with(tmp_path, *tools, dpkg_query="exit 1")
    done = bash("debian_release() { echo 12; }; is_root() { false; }; ensure_packages run", path=path)
    assert done.returncode == 1
    assert "neither root nor has sudo" in done.stderr
    assert "apt-get install ca-certificates python3 python3-venv" in done.stderr


def test_a_failed_installation_names_the_step(tmp_path: Path) -> None:
    broken = 'BUILD=$(mktemp -d); apt_get() { echo "no route to the mirror"; return 100; }; '
    broken += "missing_packages() { echo g++; }; as_root() { return 1; }; sudo() { :; }; "
    done = bash(f"{broken} ensure_packages build; echo went on")
    assert done.returncode == 1
    assert "no route to the mirror" in done.stderr
    assert "Is the Debian mirror reachable? Wanted: g++" in done.stderr
    assert "went on" not in done.stdout


def test_a_lock_is_held_for_its_command_only(tmp_path: Path) -> None:
    script = f"""BUILD={tmp_path}
      inner() {{ flock --nonblock "$BUILD/.test.lock" true && echo free || echo held; }}
      with_lock test inner
      behind() {{ tail -f /dev/null & echo $! >"$BUILD/background"; }}
      with_lock test behind
      # Between its fork and its exec the background program still has a copy.
      flock --timeout 10 "$BUILD/.test.lock" true && echo free || echo held
      kill "$(cat "$BUILD/background")"
      failing() {{ return 7; }}
      with_lock test failing || echo "code $?" """
    assert bash(script).stdout.split("\n") == ["held", "free", "code 7", ""]


def test_quiet_commands_speak_when_they_fail(tmp_path: Path) -> None:
    script = f"quietly {tmp_path}/log echo fine; quietly {tmp_path}/log ls /nowhere || echo failed"
    done = bash(script)
    assert done.stdout == "failed\n"
    assert "/nowhere" in done.stderr


def test_a_wrong_command_shows_the_usage() -> None:
    done = subprocess.run([ROOT / "appmanager", "frobnicate"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "./appmanager COMMAND" in done.stderr
    assert "unknown command 'frobnicate'" in done.stderr


JUNIT = """<testsuites><testsuite>
  <testcase name="a" status="run"/>
  <testcase name="b" status="run"><failure message="no"/></testcase>
  <testcase name="c" status="notrun"/>
  <testcase name="d"><skipped/></testcase>
</testsuite></testsuites>"""


def test_what_a_step_counts(tmp_path: Path) -> None:
    assert summary.count_step(tmp_path, 0) == summary.Count(passed=1)
    assert summary.count_step(tmp_path, 1) == summary.Count(failed=1)
    (tmp_path / "a.xml").write_text(JUNIT)
    assert summary.count_step(tmp_path, 1) == summary.Count(passed=1, failed=1, skipped=2)
    (tmp_path / "b.xml").write_text("<testsuites><testc")
    assert summary.count_step(tmp_path, 1) == summary.Count(passed=1, failed=2, skipped=2)


def test_a_failed_step_is_never_a_success(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(JUNIT.replace('<failure message="no"/>', ""))
    assert summary.count_step(tmp_path, 139).failed == 1
