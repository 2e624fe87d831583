"""The files panel: folders, rename, drag, copy, delete, upload, download, executable or not."""

import io
import zipfile
from pathlib import Path

from playwright.async_api import expect

from tests.support.browser import screenshot
from tests.support.ide import Ide

FILES: dict[str, str | bytes] = {
    "main.py": "print('main')\n", "package/inner.py": "print('inner')\n", "data.json": "{}\n", "notes.md": "# Notes\n",
}  # fmt: skip


async def listed(person: Ide, app_id: str) -> dict[str, str | None]:
    async with person.platform.api() as api:
        return {one["path"]: one["scriptId"] for one in await api.call("GET", f"/applications/{app_id}/files")}


async def test_rename_keeps_what_is_executable(person: Ide) -> None:
    app = await person.create_and_open("Rename", FILES, executable=("main.py",))
    await person.open_file("main.py")
    await person.files_command("Rename")
    await person.retype(person.dialog().get_by_role("textbox"), "renamed.py")
    await person.dialog().get_by_role("button", name="Rename").click()
    await expect(person.file("renamed.py")).to_have_attribute("data-executable", "true")
    await expect(person.tab("renamed.py")).to_be_visible()
    assert (await listed(person, app.id))["renamed.py"] == app.scripts["main.py"]


async def test_move_by_drag_and_copy(person: Ide) -> None:
    app = await person.create_and_open("Drag", FILES, executable=("main.py",))
    await person.file("main.py").drag_to(person.file("package"))
    await person.file("package").get_by_text("package").wait_for()
    async with person.platform.api() as api:
        await expect(person.file("main.py")).to_have_count(0)
        assert await api.get_file(app.id, "package/main.py") == b"print('main')\n"
    await person.file("data.json").click()
    await person.files_command("Duplicate")
    await expect(person.tree().locator("[data-path^='data']")).to_have_count(2)


async def test_new_folder_and_script_in_it_and_delete(person: Ide) -> None:
    app = await person.create_and_open("Folders", FILES)
    await person.create_folder("reports")
    await person.file("reports").click()
    await person.create_script("daily")
    await expect(person.file("reports/daily.py")).to_be_visible()
    await screenshot(person.page, "files")
    await person.file("reports").click()
    await person.files_command("Delete")
    await person.dialog().get_by_role("button", name="Delete").click()
    await expect(person.file("reports")).to_have_count(0)
    assert "reports/daily.py" not in await listed(person, app.id)


async def test_executable_on_and_off(person: Ide) -> None:
    app = await person.create_and_open("Toggle", FILES, executable=())
    await person.make_executable("main.py")
    await expect(person.run_button()).not_to_have_attribute("aria-disabled", "true")
    await person.files_command("Make not executable")
    await expect(person.file("main.py")).not_to_have_attribute("data-executable", "true")
    assert (await listed(person, app.id))["main.py"] is None
    await person.file("notes.md").click()
    toolbar = person.page.get_by_role("toolbar", name="Files", exact=True)
    await expect(toolbar.get_by_role("button", name="Make executable")).to_have_attribute("aria-disabled", "true")


async def test_upload_and_download(person: Ide, tmp_path: Path) -> None:
    app = await person.create_and_open("Transfer", FILES)
    (tmp_path / "uploaded.py").write_text("print('uploaded')\n")
    (tmp_path / "picture.bin").write_bytes(bytes(range(256)))
    async with person.page.expect_file_chooser() as chooser:
        await person.files_command("Upload files")
    await (await chooser.value).set_files([tmp_path / "uploaded.py", tmp_path / "picture.bin"])
    await expect(person.file("uploaded.py")).to_be_visible()
    await expect(person.file("picture.bin")).to_be_visible()
    async with person.platform.api() as api:
        assert await api.get_file(app.id, "picture.bin") == bytes(range(256))
    await person.file("uploaded.py").click()
    async with person.page.expect_download() as started:
        await person.files_command("Download")
    saved = tmp_path / "downloaded"
    await (await started.value).save_as(saved)
    assert saved.read_text() == "print('uploaded')\n"
    await person.file("package").click()
    async with person.page.expect_download() as started:
        await person.files_command("Download")
    await (await started.value).save_as(saved)
    with zipfile.ZipFile(io.BytesIO(saved.read_bytes())) as archive:
        assert archive.namelist() == ["package/inner.py"]


async def test_the_context_menu_does_what_the_toolbar_does(person: Ide) -> None:
    await person.create_and_open("Menu", FILES)
    await person.file("notes.md").click(button="right")
    menu = person.page.get_by_role("menu")
    await expect(menu.get_by_role("menuitem", name="Make executable")).to_be_disabled()
    await screenshot(person.page, "context-menu")
    await menu.get_by_role("menuitem", name="Delete").click()
    await person.dialog().get_by_role("button", name="Delete").click()
    await expect(person.file("notes.md")).to_have_count(0)


async def test_quick_open_finds_a_file(person: Ide) -> None:
    await person.create_and_open("Quick open", FILES)
    await person.page.keyboard.press("Control+P")
    await person.focused_dialog()
    await person.page.keyboard.type("inn")
    await expect(person.dialog().get_by_text("inner.py")).to_be_visible()
    await person.page.keyboard.press("Enter")
    await expect(person.tab("inner.py")).to_have_attribute("aria-selected", "true")
    await expect(person.editor()).to_contain_text("'inner'")
