"""The image of the task container: what is in build/image, what `am image` says of it and of others."""

import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tests.support.platform import AM_BIN, ROOT, clean_environment

IMAGE = AM_BIN.parents[1] / "image"
PINS = ROOT / "python/environments/default.txt"
MANIFEST = "usr/share/application-manager/image.json"

needs_image = pytest.mark.skipif(not (IMAGE / MANIFEST).exists(), reason="no image was built here")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can change its root directory")


def am_image(*arguments: object, user: int | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(AM_BIN), "image", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=100,
        env=clean_environment(),
        cwd="/",
        user=user,
        extra_groups=[] if user is not None else None,
    )


def inside(*command: str) -> str:
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [shutil.which("chroot") or "/usr/sbin/chroot", str(IMAGE), *command],
        capture_output=True,
        text=True,
        timeout=100,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@needs_image
@needs_root
def test_show_says_what_is_in_it() -> None:
    shown = json.loads(am_image("show", "--json").stdout)
    manifest = shown["manifest"]
    assert shown["ours"]
    assert shown["path"] == str(IMAGE)
    assert shown["python"] == {"path": "/usr/bin/python3", "version": manifest["pythonVersion"]}
    assert inside("python3", "--version") == f"Python {manifest['pythonVersion']}\n"
    assert inside("python", "--version") == f"Python {manifest['pythonVersion']}\n"
    installed = dict(
        line.split(" ") for line in inside("dpkg-query", "-W", "-f", "${Package} ${Version}\n").splitlines()
    )
    assert manifest["debianPackages"] == installed
    assert manifest["pinsSha256"] == hashlib.sha256(PINS.read_bytes()).hexdigest()
    if not manifest["note"]:
        pins = dict(re.findall(r"^([\w.-]+)==(\S+) (?!;)", PINS.read_text(), re.MULTILINE))
        assert manifest["pythonPackages"] == pins


@needs_image
def test_show_has_a_table_for_people() -> None:
    shown = am_image("show").stdout
    assert re.search(r"^Python: +3\.\d+\.\d+ \(/usr/bin/python3\)$", shown, re.MULTILINE)
    assert re.search(r"^PYTHON PACKAGE +VERSION$", shown, re.MULTILINE)
    assert re.search(r"^aiohttp +\d", shown, re.MULTILINE)
    assert re.search(r"^libc6 +\d", shown, re.MULTILINE)


@needs_image
@needs_root
def test_the_standard_library_and_the_packages_can_be_imported() -> None:
    modules = (
        "sqlite3 ssl lzma bz2 zlib ctypes curses readline zoneinfo multiprocessing.synchronize venv ensurepip uuid"
    )
    packages = (
        "aiohttp aiosignal async_timeout attrs charset_normalizer frozenlist idna lxml.etree multidict psutil six yarl"
    )
    inside("python3", "-c", f"import {', '.join((modules + ' ' + packages).split())}")


@needs_image
@needs_root
def test_languages_time_zones_and_certificates_are_there() -> None:
    script = """
import locale, socket, ssl, zoneinfo, mimetypes, datetime
for name in 'C.UTF-8', 'en_US.UTF-8', 'ru_RU.UTF-8':
    locale.setlocale(locale.LC_ALL, name)
print(datetime.date(2026, 3, 1).strftime('%B'), zoneinfo.ZoneInfo('Asia/Vladivostok'))
print(socket.getservbyname('https'), mimetypes.guess_type('a.webp')[0])
print(bool(ssl.create_default_context().get_ca_certs()))
"""
    assert inside("python3", "-c", script) == "марта Asia/Vladivostok\n443 image/webp\nTrue\n"


@needs_image
@needs_root
def test_there_is_nothing_of_the_build_or_of_this_machine() -> None:
    for name in ("etc/resolv.conf", "etc/hostname", "etc/machine-id"):
        assert (IMAGE / name).read_bytes() == b"", name
    for name in ("dev", "tmp", "run", "var/tmp", "var/cache", "var/log", "var/lib/apt"):
        assert list((IMAGE / name).iterdir()) == [], name
    assert {path.name for path in (IMAGE / "usr/share/doc").rglob("*") if path.is_file()} == {"copyright"}
    assert not (IMAGE / "usr/share/man").exists() or not list((IMAGE / "usr/share/man").rglob("*.gz"))
    for folder, _, files in os.walk(IMAGE):
        for name in files:
            status = (Path(folder) / name).lstat()
            assert not status.st_mode & (stat.S_ISUID | stat.S_ISGID), f"{folder}/{name} changes its user"
            assert stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode), f"{folder}/{name} is no file"


@needs_image
@needs_root
def test_every_module_has_its_bytecode() -> None:
    script = """
import importlib.util, pathlib, sys
for folder in sys.path[1:]:
    for source in pathlib.Path(folder).rglob('*.py'):
        compiled = pathlib.Path(importlib.util.cache_from_source(str(source)))
        # Behind the magic number: valid without a look at the source.
        if not compiled.exists() or compiled.read_bytes()[4:8] != b'\\x01\\0\\0\\0':
            print(source)
"""
    assert inside("python3", "-c", script) == ""


@needs_image
@needs_root
def test_an_image_that_is_as_it_should_be_is_left_alone() -> None:
    before = (IMAGE / MANIFEST).stat()
    done = am_image("build")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{IMAGE} is as it should be already: Debian GNU/Linux")
    assert (IMAGE / MANIFEST).stat() == before


def test_a_foreign_root_filesystem_is_described(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/os-release").write_text('NAME=Small\nPRETTY_NAME="Small Linux 1"\n')
    (tmp_path / "usr/local/bin").mkdir(parents=True)
    (tmp_path / "usr/local/bin/python3.12").touch(0o755)
    (tmp_path / "usr/local/bin/python3").symlink_to("/usr/local/bin/python3.12")
    shown = json.loads(am_image("show", tmp_path, "--json").stdout)
    assert shown == {
        "path": str(tmp_path),
        "ours": False,
        "os": "Small Linux 1",
        "python": {"path": "/usr/local/bin/python3", "version": "3.12"},
        "note": "",
        "manifest": None,
    }
    text = am_image("show", tmp_path).stdout
    assert "Small Linux 1" in text
    assert "3.12 (/usr/local/bin/python3)" in text


def test_what_cannot_be_shown_says_why(tmp_path: Path) -> None:
    absent = am_image("show", tmp_path / "absent")
    assert absent.returncode == 1
    assert absent.stderr == f"am: there is no image at {tmp_path}/absent; `am image build` makes one\n"
    (tmp_path / "file").touch()
    assert "is no folder" in am_image("show", tmp_path / "file").stderr
    (tmp_path / "empty").mkdir()
    assert "none, so no task can run in it" in am_image("show", tmp_path / "empty").stdout


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["{0}/file"], "DIR: {0}/file is no folder"),
        (["{0}/full"], "DIR: {0}/full has something in it that `am image build` did not make"),
        (["{0}/full", "--force"], "DIR: {0}/full has something in it that `am image build` did not make"),
        (["/"], "DIR: / is this machine's own root filesystem"),
        (["{0}/new", "--suite", "no such"], '--suite: "no such" is no name of a Debian release'),
        (["{0}/new", "--mirror", "deb.debian.org"], '--mirror: "deb.debian.org" is no address of a Debian mirror'),
    ],
)
def test_a_build_refuses(tmp_path: Path, arguments: list[str], why: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "full").mkdir()
    (tmp_path / "full/thesis.tex").touch()
    done = am_image("build", *[argument.format(tmp_path) for argument in arguments])
    assert done.returncode == 1
    assert done.stderr.startswith("am: " + why.format(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "full"]


@needs_root
def test_a_build_needs_root() -> None:
    try:
        done = am_image("build", "/nowhere/image", user=65534)
    except PermissionError:
        pytest.skip("other users cannot reach this checkout")
    assert done.returncode == 1
    assert "the image can only be built by root" in done.stderr


@needs_root
@pytest.mark.skipif(shutil.which("mmdebstrap") is None, reason="mmdebstrap is not installed")
def test_a_failed_build_leaves_its_log_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "image.new-1").mkdir()
    done = am_image("build", tmp_path / "image", "--mirror", f"file:{tmp_path}/nowhere")
    assert done.returncode == 1
    assert "mmdebstrap failed" in done.stderr
    assert f"(the whole log: {tmp_path}/image.log)" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["image.lock", "image.log"]
