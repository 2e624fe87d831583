"""The panel with the output of tasks, below the editor."""

import re

from playwright.async_api import Locator, Page, expect


class ConsolePanel:
    """Its tabs, one for each task, and the lines of the one that is shown."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def root(self) -> Locator:
        return self.page.get_by_test_id("console")

    def tabs(self) -> Locator:
        return self.root().get_by_role("tablist", name="Tasks").get_by_role("tab")

    def selected_tab(self) -> Locator:
        return self.root().get_by_role("tablist", name="Tasks").get_by_role("tab", selected=True)

    def lines(self) -> Locator:
        """Those that are on the screen: the panel draws no others."""
        return self.page.get_by_test_id("console-lines").locator(".line")

    def line(self, text: str) -> Locator:
        return self.lines().filter(has_text=text)

    async def expect_line(self, text: str) -> None:
        await expect(self.line(text).first).to_be_visible()

    async def expect_state(self, state: str) -> None:
        await expect(self.selected_tab()).to_contain_text(re.compile(rf"\b{state}\b"))

    def info(self) -> Locator:
        return self.page.get_by_test_id("task-info")

    async def expect_info(self, text: str | re.Pattern[str]) -> None:
        await expect(self.info()).to_contain_text(text)

    def button(self, name: str) -> Locator:
        return self.root().get_by_role("button", name=name, exact=True)

    async def stop(self) -> None:
        await self.button("Stop").click()

    async def search(self, text: str) -> None:
        await self.button("Search in the output").click()
        await self.root().get_by_role("textbox", name="Search in the output").fill(text)

    async def scroll_to_start(self) -> None:
        await self.page.get_by_test_id("console-lines").press("Home")
