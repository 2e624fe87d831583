"""An installation of this build, made once."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.platform import AM_BIN

BUILD = AM_BIN.parents[1]


def install(prefix: Path, *options: str, destdir: Path | None = None) -> None:
    environment = dict(os.environ) | ({"DESTDIR": str(destdir)} if destdir else {})
    done = subprocess.run(
        ["cmake", "--install", str(BUILD), "--prefix", str(prefix), *options],
        capture_output=True,
        text=True,
        env=environment,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installation")
    install(folder, "--strip")
    return folder


@pytest.fixture
def installed_am(prefix: Path) -> Iterator[Path]:
    """The installed program, and what the platforms of a test are started from."""
    program = prefix / "bin/am"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.support.platform.AM_BIN", program)
        yield program
