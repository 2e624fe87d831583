"""Fixtures: one browser and one platform for the ordinary tests, a person at a browser for each."""

import inspect
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from tests.support.browser import REPORTS, Watch, browsing, screenshot, sign_in, start_chromium
from tests.support.ide import Ide
from tests.support.platform import Platform, running_platform


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser lives on one event loop, so all of these tests do."""
    for item in items:
        if (
            isinstance(item, pytest.Function)
            and inspect.iscoroutinefunction(item.function)
            and "/e2e/" in str(item.path)
        ):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await start_chromium(playwright)
        yield chromium
        await chromium.close()


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    """Shared by the tests that restart nothing; each makes an application of its own."""
    with running_platform() as shared:
        yield shared


@pytest.fixture
def own_platform() -> Iterator[Platform]:
    with running_platform() as own:
        yield own


@pytest_asyncio.fixture(loop_scope="session")
async def person(browser: Browser, platform: Platform, request: pytest.FixtureRequest) -> AsyncIterator[Ide]:
    """Signed in, at the list of applications."""
    async with browsing(browser) as (context, watch):
        ide = await open_ide(await context.new_page(), watch, platform)
        failed_before = request.session.testsfailed
        yield ide
        if request.session.testsfailed > failed_before:
            await screenshot(ide.page, f"failed-{request.node.name}".replace("/", "-"))


async def open_ide(page: Page, watch: Watch, platform: Platform) -> Ide:
    await sign_in(page, platform)
    return Ide(page, watch, platform)


REPORTS.mkdir(parents=True, exist_ok=True)
