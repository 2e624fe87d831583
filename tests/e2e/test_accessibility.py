"""axe-core finds no serious or critical violation on any page, in both themes."""

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.conftest import open_ide
from tests.support.axe import violations
from tests.support.browser import browsing
from tests.support.ide import Ide
from tests.support.platform import Platform


async def expect_none(ide: Ide, where: str) -> None:
    found = await violations(ide.page)
    serious = [
        f"{one.impact} {one.rule}: {one.help}\n    " + "\n    ".join(one.where) for one in found if one.is_serious
    ]
    assert not serious, f"{where}:\n" + "\n".join(serious)


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_the_workbench(browser: Browser, platform: Platform, theme: str) -> None:
    async with browsing(browser, theme=theme) as (context, watch):
        ide = await open_ide(await context.new_page(), watch, platform)
        loud = "import sys\nprint('\\x1b[32mgreen\\x1b[0m')\nprint('bad', file=sys.stderr)\n"
        files = {"loud.py": loud, "package/inner.py": "", "data.json": "{}"}
        await ide.create_and_open("Accessible", files, "loud.py", ("loud.py",))
        await ide.run()
        await ide.console.expect_line("bad")
        await ide.console.expect_state("closed")
        await expect_none(ide, "workbench with output")
        for opener in ("Editor settings", "Download the output"):
            await ide.button(opener).click()
            await expect(ide.page.locator("[role=menu]:focus-within")).to_be_visible()
            await expect_none(ide, f"menu of {opener}")
            await ide.page.keyboard.press("Escape")
            await expect(ide.page.get_by_role("menu")).to_have_count(0)
        await ide.console.search("bad")
        await expect_none(ide, "search in the output")
        await ide.replace_text("changed = True\n")
        await expect_none(ide, "workbench with a change")
        await ide.open_parameters()
        await expect_none(ide, "parameters")
        await ide.page.keyboard.press("Escape")
        await expect(ide.dialog()).to_have_count(0)
        await ide.files_command("New script")
        await ide.dialog().get_by_label("Script name").fill("a/b")
        await expect_none(ide, "name with a problem")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("page", ["applications", "tasks", "hypervisors"])
async def test_the_other_pages(browser: Browser, platform: Platform, theme: str, page: str) -> None:
    async with platform.api() as api:
        app = await api.create_application("Listed", {"main.py": "print(1)\n"})
        await api.run(app)
    async with browsing(browser, theme=theme) as (context, watch):
        ide = await open_ide(await context.new_page(), watch, platform)
        await ide.page.goto(f"{platform.url}/#/{page}")
        await expect(ide.page.get_by_role("heading", level=1)).to_be_visible()
        await expect_none(ide, page)


async def test_the_sign_in_form(browser: Browser, platform: Platform) -> None:
    async with browsing(browser) as (context, watch):
        watch.expect("401")
        ide = Ide(await context.new_page(), watch, platform)
        await ide.page.goto(platform.url)
        await expect(ide.page.get_by_test_id("sign-in-form")).to_be_visible()
        await expect_none(ide, "sign-in")
