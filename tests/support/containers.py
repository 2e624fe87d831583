"""Task containers in tests: whether there can be any, and that nothing of them is left."""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.support import processes
from tests.support.container_processes import cgroup_of, mounts_of, shared_folders
from tests.support.platform import AM_BIN

IMAGE = AM_BIN.parents[1] / "image"

needs_container = pytest.mark.skipif(
    os.geteuid() != 0 or not (IMAGE / "usr").is_dir(), reason="a task container needs root and an image"
)


def assert_nothing_is_left(data: Path, known: Iterable[int] = ()) -> None:
    """No process, mount, cgroup or folder of the containers of that data folder; `known`: processes that it had."""
    processes.wait_for_end(known, 5)
    assert not [found for found in processes.processes_of(str(data)) if found.state != "Z"]
    assert not list(mounts_of(str(data)))
    assert not processes.cgroup_folders(cgroup_of(data))
    assert shared_folders(data) == []
    assert not list((data / "run/tasks").glob("*/container"))
