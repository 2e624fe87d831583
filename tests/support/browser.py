"""Chromium for the end-to-end tests: its start, and a watch on everything that goes wrong in a page."""

import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
    ViewportSize,
)

from tests.support.platform import ROOT, Platform

REPORTS = Path(os.environ.get("AM_E2E_REPORTS", ROOT / "build/reports/e2e"))
# No sandbox: it needs rights that containers do not give. The others keep the browser from talking to anybody else.
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
# Generous for a loaded two-core machine; nothing waits this long when it works.
PATIENCE_MS = 20_000
WIDE: ViewportSize = {"width": 1440, "height": 900}


def chromium_path() -> str:
    """The distribution's Chromium, or what AM_CHROMIUM names."""
    found = os.environ.get("AM_CHROMIUM") or shutil.which("chromium")
    assert found, "there is no chromium on PATH; ./appmanager test installs it"
    return found


async def start_chromium(playwright: Playwright) -> Browser:
    return await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)


@dataclass
class Watch:
    """What went wrong in the pages of one browser context, apart from what the test said it would provoke."""

    problems: list[str] = field(default_factory=list)
    expected: list[re.Pattern[str]] = field(default_factory=list)
    unused: set[str] = field(default_factory=set)

    def allow(self, pattern: str) -> None:
        """Problems that match are no failures."""
        self.expected.append(re.compile(pattern))

    def expect(self, pattern: str) -> None:
        """Problems that match are no failures; one that never comes is."""
        self.allow(pattern)
        self.unused.add(pattern)

    def note(self, problem: str) -> None:
        for pattern in self.expected:
            if pattern.search(problem):
                self.unused.discard(pattern.pattern)
                return
        self.problems.append(problem)

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.note(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.note(f"{response.status} for {response.request.method} {response.url}")

    def on_failure(self, request: Request) -> None:
        # The page itself gives up a request when its result is not wanted any more (another tab, another search).
        if request.failure != "net::ERR_ABORTED":
            self.note(f"failed: {request.method} {request.url}: {request.failure}")

    def attach(self, page: Page) -> None:
        page.on("console", self.on_console)
        page.on("pageerror", lambda error: self.note(f"exception: {error}"))
        page.on("requestfailed", self.on_failure)
        page.on("response", self.on_response)
        page.on("crash", lambda _: self.note("the page crashed"))

    def check(self) -> None:
        assert not self.problems, "problems in the browser:\n" + "\n".join(self.problems)
        assert not self.unused, f"expected problems that did not come: {self.unused}"


@asynccontextmanager
async def browsing(
    browser: Browser, viewport: ViewportSize = WIDE, language: str = "en-US", theme: str = "light"
) -> AsyncIterator[tuple[BrowserContext, Watch]]:
    """A person at a browser of their own; leaving the block checks that nothing went wrong in it."""
    context = await browser.new_context(
        viewport=viewport,
        locale=language,
        color_scheme="dark" if theme == "dark" else "light",
        accept_downloads=True,
        timezone_id="UTC",
    )
    context.set_default_timeout(PATIENCE_MS)
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    watch = Watch()
    context.on("page", watch.attach)
    try:
        yield context, watch
    finally:
        await context.close()
    watch.check()


async def sign_in(page: Page, platform: Platform, url: str = "") -> None:
    """By a sign-in link, as `am up` prints one. `url`: another address of the same manager (behind a proxy)."""
    async with platform.stranger(platform.token) as api:
        api.url = url or platform.url
        link = str((await api.call("POST", "/sign-in-links"))["url"])
    await page.goto(link)


async def screenshot(page: Page, name: str) -> Path:
    """Kept as an artifact of the test run."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    path = REPORTS / f"{name}.png"
    await page.screenshot(path=path)
    return path
