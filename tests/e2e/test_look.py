"""Both languages, both themes, and windows from 1024 pixels on; the pictures are kept to be looked at."""

import pytest
from playwright.async_api import Browser, ViewportSize, expect

from tests.e2e.conftest import open_ide
from tests.support.browser import browsing, screenshot
from tests.support.ide import Ide
from tests.support.platform import Platform

HELLO = "print('Hello world!')\n"


async def test_both_languages(person: Ide) -> None:
    await person.create_and_open("Languages", {"test.py": HELLO}, "test.py")
    await person.run()
    await person.console.expect_line("Hello world!")
    await expect(person.page.locator("html")).to_have_attribute("lang", "en")
    await person.switch_language("ru")
    await expect(person.page.locator("html")).to_have_attribute("lang", "ru")
    await expect(person.page.get_by_role("heading", name="Файлы")).to_be_visible()
    await expect(person.page.get_by_role("button", name="Запустить", exact=True)).to_be_visible()
    await screenshot(person.page, "russian")
    # The choice is remembered, and applies to every page.
    await person.page.goto(f"{person.platform.url}/#/tasks")
    await person.page.reload()
    await expect(person.page.get_by_role("heading", name="Задачи")).to_be_visible()
    await screenshot(person.page, "russian-tasks")
    await person.switch_language("en")
    await expect(person.page.get_by_role("heading", name="Tasks")).to_be_visible()


async def test_a_russian_browser_begins_in_russian(browser: Browser, platform: Platform) -> None:
    async with browsing(browser, language="ru-RU") as (context, watch):
        ide = await open_ide(await context.new_page(), watch, platform)
        await expect(ide.page.get_by_role("heading", name="Приложения")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_both_themes(browser: Browser, platform: Platform, theme: str) -> None:
    async with browsing(browser, theme=theme) as (context, watch):
        ide = await open_ide(await context.new_page(), watch, platform)
        await ide.create_and_open("Themes", {"test.py": HELLO, "package/module.py": ""}, "test.py")
        await ide.run()
        await ide.console.expect_line("Hello world!")
        await ide.console.expect_state("closed")
        assert await lightness(ide) == theme
        await screenshot(ide.page, f"theme-{theme}")
        await ide.switch_theme()
        assert await lightness(ide) != theme
        for page in ("applications", "tasks", "hypervisors"):
            await ide.page.goto(f"{platform.url}/#/{page}")
            await expect(ide.page.get_by_role("heading", level=1)).to_be_visible()
            await screenshot(ide.page, f"{page}-after-{theme}")


async def lightness(ide: Ide) -> str:
    """Of what the page really shows behind its text."""
    colour = await ide.page.evaluate("getComputedStyle(document.body).backgroundColor")
    red, green, blue = (float(part) for part in str(colour).split("(")[1].rstrip(")").split(",")[:3])
    return "light" if red + green + blue > 3 * 128 else "dark"


@pytest.mark.parametrize("width", [1024, 1280, 1920])
async def test_no_layout_breaks(browser: Browser, platform: Platform, width: int) -> None:
    viewport: ViewportSize = {"width": width, "height": 768}
    async with browsing(browser, viewport) as (context, watch):
        ide = await open_ide(await context.new_page(), watch, platform)
        name = "a_rather_long_name_of_a_script_that_does_not_fit_everywhere.py"
        await ide.create_and_open("Layout", {name: HELLO, "test.py": HELLO}, name)
        await ide.run()
        await ide.console.expect_line("Hello world!")
        await screenshot(ide.page, f"width-{width}")
        await expect_everything_inside(ide, width)
        for page in ("applications", "tasks", "hypervisors"):
            await ide.page.goto(f"{platform.url}/#/{page}")
            await expect(ide.page.get_by_role("heading", level=1)).to_be_visible()
            await screenshot(ide.page, f"width-{width}-{page}")
            await expect_everything_inside(ide, width)


async def expect_everything_inside(ide: Ide, width: int) -> None:
    """No control is cut off by the window, and the page itself does not scroll sideways."""
    outside = await ide.page.evaluate(
        """width => [...document.querySelectorAll('button, a, input, [role=tab]')]
             .filter(one => one.checkVisibility({opacityProperty: true, visibilityProperty: true}))
             .filter(one => { const box = one.getBoundingClientRect();
                              return box.width > 0 && (box.right > width + 1 || box.left < -1) })
             .filter(one => !one.closest('.monaco-editor, [role=tablist]'))
             .map(one => one.outerHTML.slice(0, 200))""",
        width,
    )
    assert outside == []
    await ide.page.mouse.wheel(500, 0)
    await ide.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert await ide.page.evaluate("document.scrollingElement.scrollLeft") == 0
