"""One platform for all comparisons, and a client for each test."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.differential.bare import Surroundings, surroundings
from tests.support.api import Api
from tests.support.platform import Platform, running_platform

_LIMITS = "import resource\nprint(*resource.getrlimit(resource.RLIMIT_NOFILE))\n"


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    with running_platform() as shared:
        yield shared


@pytest.fixture
async def api(platform: Platform) -> AsyncIterator[Api]:
    async with platform.api() as client:
        yield client


@pytest.fixture(scope="session")
def around(platform: Platform) -> Surroundings:
    """What a plain interpreter gets so that it has the same as a task."""

    async def ask() -> str:
        async with platform.api() as client:
            app = await client.create_application("Limits", {"main.py": _LIMITS})
            _, output = await client.run(app)
            return output.text()

    soft, hard = map(int, asyncio.run(ask()).split())
    return surroundings((soft, hard))
