"""One file and several hands: what was typed is never lost, and nobody's change is overwritten silently."""

import re

from playwright.async_api import Browser, Dialog, expect

from tests.e2e.conftest import open_ide
from tests.support.browser import browsing, screenshot
from tests.support.ide import Ide
from tests.support.platform import Platform


async def test_two_browsers_edit_one_file(person: Ide, browser: Browser, platform: Platform) -> None:
    app = await person.create_and_open("Shared", {"shared.py": "first = 1\n"}, "shared.py")
    async with browsing(browser) as (context, watch):
        other = await open_ide(await context.new_page(), watch, platform)
        await other.open_application(app, "shared.py")
        await other.replace_text("first = 'theirs'\n")
        await person.replace_text("first = 'mine'\n")
        await other.save()
    person.watch.allow("412")  # the refused write, unless the page has heard of the other one by then
    await person.focus_editor()
    await person.page.keyboard.press("Control+S")
    difference = person.page.get_by_text("was changed by somebody else")
    await expect(difference.first).to_be_visible()
    await expect(person.page.get_by_text("'theirs'").first).to_be_visible()
    await expect(person.page.get_by_text("'mine'").first).to_be_visible()
    await screenshot(person.page, "conflict")
    async with platform.api() as api:
        assert await api.get_file(app.id, "shared.py") == b"first = 'theirs'\n"
        await person.button("Save mine over it").click()
        await person.expect_saved()
        assert await api.get_file(app.id, "shared.py") == b"first = 'mine'\n"


async def test_a_file_changed_elsewhere_appears_where_nobody_typed(person: Ide, platform: Platform) -> None:
    app = await person.create_and_open("Seen", {"seen.py": "old = 1\n"}, "seen.py")
    async with platform.api() as api:
        await api.put_file(app.id, "seen.py", "new = 2\n")
        await api.put_file(app.id, "appeared.py", "")
    await expect(person.file("appeared.py")).to_be_visible()
    await expect(person.editor()).to_contain_text("new = 2")


async def test_a_file_deleted_elsewhere_is_kept_here(person: Ide, platform: Platform) -> None:
    app = await person.create_and_open("Deleted", {"gone.py": "x = 1\n", "stays.py": ""}, "gone.py")
    await person.replace_text("x = 'typed'\n")
    async with platform.api() as api:
        await api.call("DELETE", f"/applications/{app.id}/files/gone.py")
        await expect(person.page.get_by_text("was deleted on the server").first).to_be_visible()
        await screenshot(person.page, "deleted-elsewhere")
        await person.button("Save it again").click()
        await expect(person.file("gone.py")).to_be_visible()
        assert await api.get_file(app.id, "gone.py") == b"x = 'typed'\n"


async def test_a_session_that_is_over_loses_nothing(person: Ide, platform: Platform) -> None:
    app = await person.create_and_open("Session", {"typed.py": "x = 1\n"}, "typed.py")
    await person.replace_text("x = 'typed'\n")
    person.watch.expect("401")
    person.watch.allow("WebSocket connection .* HTTP Authentication failed")
    await person.page.context.clear_cookies()
    await person.page.keyboard.press("Control+S")
    form = person.page.get_by_test_id("sign-in-form")
    await expect(form).to_be_visible()
    await screenshot(person.page, "session-over")
    await form.get_by_label("Token").fill("wrong")
    await form.get_by_role("button", name="Sign in").click()
    await expect(form.get_by_text("does not know this token")).to_be_visible()
    await form.get_by_label("Token").fill(platform.token)
    await form.get_by_role("button", name="Sign in").click()
    await expect(form).to_have_count(0)
    await expect(person.editor()).to_contain_text("'typed'")
    await person.focus_editor()
    await person.page.keyboard.press("Control+S")
    await person.expect_saved()
    async with platform.api() as api:
        assert await api.get_file(app.id, "typed.py") == b"x = 'typed'\n"


async def test_leaving_with_changes_asks_first(person: Ide) -> None:
    await person.create_and_open("Leaving", {"typed.py": "x = 1\n"}, "typed.py")
    await person.replace_text("x = 2\n")
    await expect(person.tab("typed.py")).to_contain_text("not saved")
    asked = []

    async def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.dismiss()

    person.page.on("dialog", stay)
    await person.page.close(run_before_unload=True)
    await expect(person.editor()).to_contain_text("x = 2")
    assert asked == ["beforeunload"]
    await person.page.get_by_title("Close typed.py").click()
    await expect(person.dialog()).to_contain_text(re.compile("Save the changes"))
    await person.dialog().get_by_role("button", name="Cancel").click()
    await person.save()
