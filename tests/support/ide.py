"""The web IDE as a person uses it: its places by label, its functions by the controls that do them."""

import re
from collections.abc import Mapping
from urllib.parse import quote

from playwright.async_api import Locator, Page, expect

from tests.support.api import App
from tests.support.browser import PATIENCE_MS, Watch
from tests.support.console_panel import ConsolePanel
from tests.support.platform import Platform

expect.set_options(timeout=PATIENCE_MS)


class Ide:
    """One page of one person."""

    def __init__(self, page: Page, watch: Watch, platform: Platform) -> None:
        self.page = page
        self.watch = watch
        self.platform = platform
        self.console = ConsolePanel(page)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    async def focused_dialog(self) -> Locator:
        """The dialog once it listens to the keyboard."""
        await expect(self.page.locator("[role=dialog] :focus")).to_be_visible()
        return self.dialog()

    async def retype(self, field: Locator, text: str) -> None:
        """Everything in the field is replaced, whatever of it was selected when it got the focus."""
        await field.press("Control+A")
        await self.page.keyboard.insert_text(text)

    # --- applications -----------------------------------------------------------------------------------------

    async def create_application(self, name: str) -> None:
        """From the list; ends inside the new application."""
        await self.button("New application").first.click()
        await self.dialog().get_by_label("Name").fill(name)
        await self.dialog().get_by_role("button", name="Create").click()
        await expect(self.page.get_by_role("heading", name="Files", exact=True)).to_be_visible()

    async def open_application(self, app: App, file: str | None = None) -> None:
        """By its address, as from a bookmark."""
        search = "" if file is None else f"?file={quote(file, safe='')}"
        await self.page.goto(f"{self.platform.url}/#/applications/{app.id}{search}")
        await expect(self.page.get_by_role("heading", name="Files", exact=True)).to_be_visible()
        if file is not None:
            await self.wait_for_editor()

    async def create_and_open(
        self,
        name: str,
        files: Mapping[str, str | bytes],
        file: str | None = None,
        executable: tuple[str, ...] | None = None,
    ) -> App:
        """An application made through the API, opened here."""
        async with self.platform.api() as api:
            app = await api.create_application(name, files, executable)
        await self.open_application(app, file)
        return app

    # --- files ------------------------------------------------------------------------------------------------

    def tree(self) -> Locator:
        return self.page.get_by_test_id("file-tree")

    def file(self, path: str) -> Locator:
        return self.tree().locator(f'[data-path="{path}"]')

    async def files_command(self, label: str) -> None:
        """A button of the files panel's toolbar."""
        toolbar = self.page.get_by_role("toolbar", name="Files", exact=True)
        await toolbar.get_by_role("button", name=label, exact=True).click()

    async def create_script(self, name: str) -> None:
        await self.files_command("New script")
        await self.dialog().get_by_label("Script name").fill(name)
        await self.dialog().get_by_role("button", name="Create").click()
        await self.wait_for_editor()

    async def create_folder(self, name: str) -> None:
        await self.files_command("New folder")
        await self.dialog().get_by_label("Folder name").fill(name)
        await self.dialog().get_by_role("button", name="Create").click()
        await expect(self.dialog()).to_have_count(0)

    async def open_file(self, path: str) -> None:
        await self.file(path).click()
        await self.wait_for_editor()

    async def make_executable(self, path: str) -> None:
        await self.file(path).click()
        await self.files_command("Make executable")
        await expect(self.file(path)).to_have_attribute("data-executable", "true")

    # --- editor -----------------------------------------------------------------------------------------------

    def editor(self) -> Locator:
        return self.page.get_by_test_id("editor")

    async def wait_for_editor(self) -> None:
        await expect(self.editor().locator(".view-lines").first).to_be_visible()

    async def replace_text(self, text: str) -> None:
        """As a paste over everything: the editor's own indenting and closing of brackets stays out of it."""
        await self.focus_editor()
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.insert_text(text)

    async def focus_editor(self) -> None:
        await self.editor().locator(".view-lines").first.click()

    async def editor_text(self) -> str:
        """By the clipboard, as a person would take it."""
        await self.focus_editor()
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.press("Control+C")
        return str(await self.page.evaluate("navigator.clipboard.readText()"))

    def save_button(self) -> Locator:
        return self.page.get_by_test_id("save-button")

    async def expect_saved(self) -> None:
        await expect(self.save_button()).to_have_attribute("aria-disabled", "true")

    async def expect_unsaved(self) -> None:
        await expect(self.save_button()).not_to_have_attribute("aria-disabled", re.compile("."))

    async def save(self) -> None:
        await self.page.keyboard.press("Control+S")
        await self.expect_saved()

    def tab(self, name: str) -> Locator:
        """An editor tab."""
        return self.page.get_by_role("tablist", name="Open files").get_by_role(
            "tab", name=re.compile(rf"^{re.escape(name)}\b")
        )

    # --- run --------------------------------------------------------------------------------------------------

    def run_button(self) -> Locator:
        return self.page.get_by_test_id("run-button")

    async def run(self) -> None:
        await self.run_button().click()

    async def open_parameters(self) -> Locator:
        await self.page.get_by_test_id("run-with-parameters-button").click()
        return self.dialog()

    async def run_with(self, parameters: str) -> None:
        dialog = await self.open_parameters()
        await dialog.get_by_label("Parameters (JSON)").fill(parameters)
        await dialog.get_by_role("button", name="Run", exact=True).click()

    async def set_general_parameters(self, parameters: str) -> None:
        await self.page.get_by_test_id("general-parameters-button").click()
        await self.dialog().get_by_role("textbox").fill(parameters)
        await self.dialog().get_by_role("button", name="Save").click()
        await expect(self.dialog()).to_have_count(0)

    # --- preferences ------------------------------------------------------------------------------------------

    async def switch_language(self, language: str) -> None:
        """ "en" or "ru"."""
        await self.page.get_by_test_id("language-switch").get_by_text(language.upper(), exact=True).click()

    async def switch_theme(self) -> None:
        await self.page.get_by_test_id("theme-switch").click()
