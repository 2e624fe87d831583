"""What cannot be is refused with a message that helps, by the page or by the server, and nothing typed is lost."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.support.browser import screenshot
from tests.support.ide import Ide


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a/b.py", "slash"),
        ("a\\b.py", "backslash"),
        ("..", "dot"),
        ("../x.py", "dot"),
        ("taken.py", "exists already"),
    ],
)
async def test_names_of_scripts(person: Ide, name: str, words: str) -> None:
    await person.create_and_open("Names", {"taken.py": ""})
    await person.files_command("New script")
    field = person.dialog().get_by_label("Script name")
    await field.fill(name)
    await expect(person.dialog()).to_contain_text(words)
    await person.dialog().get_by_role("button", name="Create").click()
    await expect(person.dialog()).to_be_visible()
    assert await field.input_value() == name
    await person.retype(field, "good.py")
    await person.dialog().get_by_role("button", name="Create").click()
    await expect(person.file("good.py")).to_be_visible()


async def test_a_name_that_somebody_else_took_meanwhile(person: Ide) -> None:
    app = await person.create_and_open("Race", {"first.py": ""})
    await person.files_command("New script")
    await person.dialog().get_by_label("Script name").fill("second.py")
    # The server's refusal, unless the page has heard of the file by then.
    person.watch.allow("412|409")
    async with person.platform.api() as api:
        await api.put_file(app.id, "second.py", "theirs = 1\n")
    await person.dialog().get_by_role("button", name="Create").click()
    await expect(person.dialog()).to_contain_text("exists already")
    async with person.platform.api() as api:
        assert await api.get_file(app.id, "second.py") == b"theirs = 1\n"


async def test_the_name_of_an_application_that_exists(person: Ide) -> None:
    async with person.platform.api() as api:
        app = await api.create_application("Existing", {})
    await person.page.reload()
    await person.button("New application").first.click()
    await person.dialog().get_by_label("Name").fill(app.name)
    await expect(person.dialog()).to_contain_text("exists already")


@pytest.mark.parametrize(
    ("text", "position"),
    [('{"a": 1,}', "Line 1, column 8"), ('{\n  "a": tru\n}', "Line 2, column 8"), ("[1]", "object"), ("", "{}")],
)
async def test_parameters_that_do_not_parse(person: Ide, text: str, position: str) -> None:
    await person.create_and_open("Bad JSON", {"main.py": "print(1)\n"}, "main.py")
    dialog = await person.open_parameters()
    field = dialog.get_by_label("Parameters (JSON)")
    await field.fill(text)
    await expect(dialog).to_contain_text(position)
    await dialog.get_by_role("button", name="Run", exact=True).click()
    await expect(dialog).to_be_visible()
    assert await field.input_value() == text
    assert await person.console.tabs().count() == 0
    if "tru" in text:
        await screenshot(person.page, "bad-json")


async def test_parameters_that_the_server_refuses(person: Ide) -> None:
    await person.create_and_open("Bad limit", {"main.py": "print(1)\n"}, "main.py")
    dialog = await person.open_parameters()
    person.watch.expect("400")
    await dialog.get_by_label("Parameters (JSON)").fill('{"timeout": 0}')
    await dialog.get_by_role("button", name="Run", exact=True).click()
    await expect(dialog).to_contain_text("timeout")
    assert await dialog.get_by_label("Parameters (JSON)").input_value() == '{"timeout": 0}'


async def test_an_upload_that_is_too_large(person: Ide, tmp_path: Path) -> None:
    await person.create_and_open("Large", {"main.py": ""})
    large = tmp_path / "large.bin"
    with large.open("wb") as file:
        file.truncate(65 << 20)
    async with person.page.expect_file_chooser() as chooser:
        await person.files_command("Upload files")
    await (await chooser.value).set_files(large)
    await expect(person.page.get_by_text("large.bin is too large").first).to_be_visible()
    await expect(person.page.get_by_text("64 MB").first).to_be_visible()
    await screenshot(person.page, "too-large")
    await expect(person.file("large.bin")).to_have_count(0)


async def test_an_application_that_is_gone(person: Ide) -> None:
    person.watch.expect("404")
    await person.page.goto(f"{person.platform.url}/#/applications/00000000-0000-4000-8000-000000000000")
    await expect(person.page.get_by_text("does not exist any more")).to_be_visible()
    await person.page.get_by_role("link", name="To the applications").or_(person.button("To the applications")).click()
    await expect(person.page.get_by_role("heading", name="Applications")).to_be_visible()
