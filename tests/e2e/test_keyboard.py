"""The quick start without a mouse."""

from playwright.async_api import Locator, expect

from tests.support.browser import screenshot
from tests.support.ide import Ide

FURTHEST = 60  # stops of the Tab key; no control is further away than that


async def tab_to(person: Ide, target: Locator, key: str = "Tab") -> None:
    """Presses the key until the target has the focus."""
    for _ in range(FURTHEST):
        if await target.count() == 1 and await target.evaluate("one => one === document.activeElement"):
            return
        await person.page.keyboard.press(key)
    focused = await person.page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
    raise AssertionError(f"{key} does not lead to {target}; after {FURTHEST} times the focus is on {focused}")


async def test_the_quick_start_by_keyboard_only(person: Ide) -> None:
    keyboard = person.page.keyboard
    await expect(person.button("New application").first).to_be_visible()
    await tab_to(person, person.button("New application").first)
    await keyboard.press("Enter")
    await person.focused_dialog()
    await keyboard.type("Keyboard")
    await keyboard.press("Enter")
    toolbar = person.page.get_by_role("toolbar", name="Files", exact=True)
    new_script = toolbar.get_by_role("button", name="New script")
    await expect(new_script).to_be_visible()
    await tab_to(person, new_script)
    await keyboard.press("Enter")
    await person.focused_dialog()
    await keyboard.type("test.py")
    await keyboard.press("Enter")
    await person.wait_for_editor()
    # Into the editor, and out of it again: Tab indents there until Ctrl+M says otherwise.
    await tab_to(person, person.editor().locator("textarea, .native-edit-context").first)
    await keyboard.type("print('Hello world!')")
    await person.expect_unsaved()
    await keyboard.press("Control+S")
    await person.expect_saved()
    await keyboard.press("Control+M")
    await tab_to(person, toolbar.get_by_role("button", name="Make executable"), "Shift+Tab")
    await keyboard.press("Enter")
    await expect(person.file("test.py")).to_have_attribute("data-executable", "true")
    await keyboard.press("Control+Enter")
    await person.console.expect_line("Hello world!")
    await person.console.expect_state("closed")
    await tab_to(person, person.console.button("Run again"))
    await screenshot(person.page, "keyboard")
    await keyboard.press("Enter")
    await expect(person.console.tabs()).to_have_count(2)


async def test_the_tree_by_arrow_keys(person: Ide) -> None:
    await person.create_and_open("Arrows", {"a.py": "", "package/inner.py": "inside = 1\n", "z.py": ""})
    await expect(person.tree()).to_be_visible()
    await tab_to(person, person.tree())
    await person.page.keyboard.press("Home")
    await expect(person.file("package")).to_have_attribute("aria-selected", "true")
    await person.page.keyboard.press("ArrowRight")
    await person.page.keyboard.press("ArrowRight")
    await person.page.keyboard.press("Enter")
    await expect(person.tab("inner.py")).to_be_visible()
    await tab_to(person, person.tree(), "Shift+Tab")
    await person.page.keyboard.press("F2")
    await person.retype(person.dialog().get_by_role("textbox"), "renamed.py")
    await person.page.keyboard.press("Enter")
    await expect(person.file("package/renamed.py")).to_be_visible()
    await tab_to(person, person.tree())
    await person.page.keyboard.press("Shift+F10")
    await expect(person.page.locator("[role=menu]:focus-within")).to_be_visible()
    await person.page.keyboard.press("Escape")
    await expect(person.page.get_by_role("menu")).to_have_count(0)
    await tab_to(person, person.tree())
    await person.page.keyboard.press("Delete")
    await expect(await person.focused_dialog()).to_contain_text("renamed.py")
    await person.page.keyboard.press("Enter")
    await expect(person.file("package/renamed.py")).to_have_count(0)
