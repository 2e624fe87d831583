"""The picture of the README: the guide's example application with a parent, its child and their output."""

import struct

from playwright.async_api import Browser, expect

from tests.e2e.conftest import open_ide
from tests.support.api import App
from tests.support.browser import browsing, screenshot
from tests.support.platform import ROOT, Platform

PICTURE = ROOT / "docs/images/ide.png"
SIZE = (1280, 800)


async def test_the_picture_of_the_readme(browser: Browser, own_platform: Platform) -> None:
    """Leaves it as ide.png with the reports; README.md says how it gets into docs/images."""
    imported = await own_platform.am("app", "import", str(ROOT / "examples/Manual"))
    assert imported.code == 0, imported.err
    async with own_platform.api() as api:
        found = (await api.call("GET", "/applications"))[0]
    app = App(found["id"], found["name"], found["path"])
    async with browsing(browser, {"width": SIZE[0], "height": SIZE[1]}) as (context, watch):
        ide = await open_ide(await context.new_page(), watch, own_platform)
        await ide.open_application(app, "test.py")
        await ide.run()
        await ide.console.expect_line("Hello world!")
        await ide.open_file("parent.py")
        await ide.file("package").click()
        await ide.file("parent.py").click()
        await ide.run()
        await expect(ide.console.tabs()).to_have_count(2)
        await ide.console.expect_line("Print from child")
        await ide.console.expect_line("Завершение родительской задачи")
        await ide.console.expect_state("closed")
        await expect(ide.editor()).to_contain_text("run_am_script")
        await ide.page.mouse.move(SIZE[0] / 2, SIZE[1] / 2)
        made = await screenshot(ide.page, "ide")
    assert size_of(made.read_bytes()) == SIZE


def test_the_readme_shows_it() -> None:
    assert "docs/images/ide.png" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert size_of(PICTURE.read_bytes()) == SIZE


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height, from the first chunk of a PNG file."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height
