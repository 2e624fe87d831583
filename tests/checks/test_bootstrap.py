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
    pieces = "set -euo pipefail; source tools/lib.sh; source tools/packages.sh\n"
    pieces += "source tools/web.sh; source tools/build.sh\n"
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
    assert "apt-get install ca-certificates mmdebstrap python3 python3-venv" in done.stderr


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


@pytest.mark.parametrize(
    ("user", "am", "there", "said"),
    [
        ("true", "exit 0", False, ""),
        ("true", "echo no mirror >&2; exit 1", False, "no mirror\nGoing on without an image"),
        (
            "true",
            "echo no mirror >&2; exit 1",
            True,
            "no mirror\nGoing on with the image of the task container that is",
        ),
        ("false", "echo was asked >&2", False, "No image of the task container, which only root can build"),
        ("false", "exit 0", True, ""),
    ],
)
def test_the_product_is_built_without_an_image_too(tmp_path: Path, user: str, am: str, there: bool, said: str) -> None:
    (tmp_path / "bin").mkdir()
    folder_with(tmp_path / "bin", am=f"echo result; {am}")
    if there:
        (tmp_path / "image").mkdir()
    done = bash(f"BUILD={tmp_path}; is_root() {{ {user}; }}; build_image; echo went on")
    assert done.stdout == "went on\n"
    assert done.stderr.startswith(said)
    assert bool(done.stderr) == bool(said)


def test_a_wrong_command_shows_the_usage() -> None:
    done = subprocess.run([ROOT / "appmanager", "frobnicate"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "./appmanager COMMAND" in done.stderr
    assert "unknown command 'frobnicate'" in done.stderr


@pytest.mark.parametrize(
    ("version", "usable"), [("v18.20.4", True), ("v20.20.2", True), ("v9.9.9", False), ("v16.1.0", False), ("", False)]
)
def test_which_node_is_new_enough(tmp_path: Path, version: str, usable: bool) -> None:
    path = folder_with(tmp_path, "bash", "dirname", node=f"[ -n '{version}' ] && echo {version}", npm="exit 0")
    assert bash("node_is_usable && echo usable || echo not", path=path).stdout == f"{'usable' if usable else 'not'}\n"


def test_node_without_npm_is_not_enough(tmp_path: Path) -> None:
    path = folder_with(tmp_path, "bash", "dirname", node="echo v20.0.0")
    done = bash('ensure_packages() { echo "installs $*"; }; ensure_node', path=path)
    assert done.stdout == "installs web\n"
    assert done.returncode == 1
    assert "v20.0.0, no npm" in done.stderr


FAKE_WEB = """
  WEB=$(mktemp -d) BUILD=$(mktemp -d)
  mkdir "$WEB/src" "$WEB/node_modules" && echo 1 >"$WEB/src/main.ts" && echo {} >"$WEB/package.json"
  echo {} >"$WEB/package-lock.json"
  npm() {
    [[ $1 == ci || ! -e $WEB/broken ]] || return 1
    echo "npm $*" >>"$BUILD/calls"
    [[ $1 == ci ]] || { mkdir -p "$AM_WEB_OUT/assets" && echo page >"$AM_WEB_OUT/index.html"; }
    [[ $1 == ci ]] || seq 5000 >"$AM_WEB_OUT/assets/a.js"
  }
  cp tools/compress_web.mjs "$BUILD" && ensure_node() { :; }
"""


def test_the_ide_is_built_when_something_changed_only() -> None:
    done = bash(f"""{FAKE_WEB}
      build_web && build_web && cat "$BUILD/calls" && (cd "$BUILD/web" && find . -type f | sort) && echo --
      echo 2 >"$WEB/src/main.ts" && build_web && tail -n 1 "$BUILD/calls" && wc -l <"$BUILD/calls" && echo --
      touch "$WEB/broken" && (build_web) || echo "failed, and the old one stays: $(cat "$BUILD/web/index.html")" """)
    first, second, third = done.stdout.split("--\n")
    assert first.splitlines() == [
        "npm ci --no-audit --no-fund --loglevel=warn", "npm run build",
        "./assets/a.js", "./assets/a.js.br", "./assets/a.js.gz", "./index.html",
    ], done.stderr  # fmt: skip
    assert second.split("\n")[:2] == ["npm run build", "3"]
    assert third == "failed, and the old one stays: page\n"
    assert "the build of the web IDE failed" in done.stderr


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
