"""The tests of the standard library: Debian's package for the interpreter of the image, through apt."""

import shutil
import subprocess
from pathlib import Path

from tests.support.containers import IMAGE
from tests.support.platform import ROOT

CACHE = ROOT / "build/testsuite"
DEADLINE_SEC = 90


class NoTestsuiteError(Exception):
    """Says which package is missing, and why."""


def _run(command: list[str], folder: Path) -> str:
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
            timeout=DEADLINE_SEC,
            stdin=subprocess.DEVNULL,
        )
    except FileNotFoundError:
        raise NoTestsuiteError(f"{command[0]} is not there") from None
    except subprocess.TimeoutExpired:
        raise NoTestsuiteError(f"{command[0]} took more than {DEADLINE_SEC} s") from None
    except subprocess.CalledProcessError as error:
        lines = (error.stderr.strip() or error.stdout.strip()).splitlines()
        raise NoTestsuiteError(lines[-1] if lines else f"{command[0]} failed") from None
    return done.stdout


def _version_of(package: str) -> str:
    """Of a package that the image has."""
    shown = ["dpkg-query", f"--admindir={IMAGE}/var/lib/dpkg", "--show", "--showformat=${Version}", package]
    return _run(shown, ROOT)


def _download(package: str, version: str, folder: Path) -> Path:
    """That version from the image's own sources, with lists that leave the machine's alone."""
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True)
    options = {
        "Dir::Etc::SourceList": IMAGE / "etc/apt/sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State::Lists": folder / "lists",
        "Dir::State::status": IMAGE / "var/lib/dpkg/status",
        "Dir::Cache": folder / "cache",
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
        "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled": "false",
    }
    apt = ["apt-get", "-q", *(f"-o{name}={value}" for name, value in options.items())]
    _run([*apt, "update"], folder)
    _run([*apt, "download", f"{package}={version}"], folder)
    (found,) = folder.glob("*.deb")
    return found


def fetched_testsuite() -> Path:
    """A folder that is the package `test`, whole; fetched once for each version of the interpreter."""
    python = (IMAGE / "usr/bin/python3").readlink().name
    package = f"lib{python}-testsuite"
    try:
        version = _version_of(python)
        kept = CACHE / version / "test"
        if kept.is_dir():
            return kept
        shutil.rmtree(CACHE, ignore_errors=True)  # of another version, or half done
        CACHE.mkdir(parents=True)
        archive = _download(package, version, CACHE)
        _run(["dpkg-deb", "--extract", str(archive), "extracted"], CACHE)
    except NoTestsuiteError as problem:
        raise NoTestsuiteError(f"the package {package} cannot be had: {problem}") from None
    whole = CACHE / "test"
    library = f"usr/lib/{python}/test"
    # The interpreter's own packages have the rest of it.
    for part in (IMAGE / library, CACHE / "extracted" / library):
        shutil.copytree(part, whole, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    kept.parent.mkdir()
    return whole.rename(kept)
