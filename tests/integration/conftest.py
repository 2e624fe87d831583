"""Fixtures: one platform for the ordinary tests, clients for each test."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support import processes
from tests.support.api import Api, App
from tests.support.children import all_children
from tests.support.platform import Platform, running_platform


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    """Shared by the tests that restart nothing. At its end no task's process, descriptor or cgroup may be left."""
    with running_platform() as shared:
        daemons = {"manager": shared.manager_pid, "hypervisor": shared.hypervisor_pid}
        slots = shared.data / "run/slots"
        before = {name: len(processes.open_files(process_id)) for name, process_id in daemons.items()}
        slots_before = len(list(slots.iterdir()))
        yield shared
        for name, process_id in daemons.items():
            assert processes.process_state(process_id) != "X", f"the {name} ended during the tests"
            # A few more than in the beginning are its pools (database, connections kept alive), not leaks.
            # What waits for tasks grows in number when there are many of them.
            allowed = before[name] + 8 + 8 * max(0, len(list(slots.iterdir())) - slots_before)
            processes.eventually(
                lambda process_id=process_id, allowed=allowed: len(processes.open_files(process_id)) <= allowed,  # type: ignore[misc]
                f"descriptors of the {name}, {allowed} allowed: {processes.open_files(process_id)}",
            )


@pytest.fixture
def own_platform() -> Iterator[Platform]:
    """For tests that kill or restart daemons."""
    with running_platform() as own:
        yield own


@pytest.fixture
async def api(platform: Platform) -> AsyncIterator[Api]:
    async with platform.api() as client:
        yield client


@pytest.fixture
async def own_api(own_platform: Platform) -> AsyncIterator[Api]:
    async with own_platform.api() as client:
        yield client


@pytest.fixture(scope="session")
def kit(platform: Platform) -> App:
    """The programs of tests/children/ as one application."""
    return asyncio.run(create_kit(platform))


@pytest.fixture
def own_kit(own_platform: Platform) -> App:
    return asyncio.run(create_kit(own_platform))


async def create_kit(platform: Platform) -> App:
    async with platform.api() as client:
        return await client.create_application("Children", all_children())
