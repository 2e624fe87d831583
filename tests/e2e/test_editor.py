"""The editor itself: languages, find, font size and word wrap, tabs; and files that are dropped onto the panel."""

import pytest
from playwright.async_api import expect

from tests.support.ide import Ide

SAMPLES: dict[str, str | bytes] = {
    "a.py": "def f():\n    return 'text'\n", "b.json": '{"a": 1}\n', "c.md": "# Title\n", "d.html": "<p>text</p>\n",
    "e.css": "p { color: red; }\n", "f.js": "const a = 1;\n", "g.yaml": "key: value\n", "h.txt": "plain\n",
}  # fmt: skip
LANGUAGES = {
    "a.py": "Python", "b.json": "JSON", "c.md": "Markdown", "d.html": "HTML", "e.css": "CSS", "f.js": "JavaScript",
    "g.yaml": "YAML", "h.txt": "Text",
}  # fmt: skip


async def test_each_language_has_its_colours(person: Ide) -> None:
    await person.create_and_open("Languages of files", SAMPLES, executable=())
    for path, language in LANGUAGES.items():
        await person.open_file(path)
        await expect(person.tab(path)).to_have_attribute("aria-selected", "true")
        await expect(person.editor()).to_contain_text(language)
        if path != "h.txt":
            # Some token has another class than plain text.
            coloured = person.editor().locator(".view-line span[class*='mtk']:not(.mtk1)")
            await expect(coloured.first).to_be_visible()
    assert await person.page.get_by_role("tablist", name="Open files").get_by_role("tab").count() == len(SAMPLES)


async def test_find_wrap_and_font_size(person: Ide) -> None:
    await person.create_and_open("Settings", {"long.py": "x = '" + "long " * 200 + "'\nneedle = 1\n"}, "long.py")
    await person.focus_editor()
    await person.page.keyboard.press("Control+F")
    widget = person.editor().locator(".find-widget")
    await expect(widget).to_be_visible()
    await person.page.keyboard.type("needle")
    await expect(widget).to_contain_text("1 of 1")
    await person.page.keyboard.press("Escape")
    lines = person.editor().locator(".view-line")
    before = await lines.count()
    size = await font_size(person)
    await person.button("Editor settings").click()
    await person.page.get_by_role("menuitem", name="Word wrap").click()
    await expect(person.page.get_by_role("menuitem", name="Word wrap switched on")).to_be_visible()
    await person.page.get_by_role("menuitem", name="Larger font").click()
    await person.page.keyboard.press("Escape")
    await person.page.reload()  # both are remembered
    await person.wait_for_editor()
    assert await lines.count() > before
    assert await font_size(person) == size + 1


async def font_size(person: Ide) -> float:
    size = await person.editor().locator(".view-lines").first.evaluate("one => getComputedStyle(one).fontSize")
    return float(str(size).removesuffix("px"))


@pytest.mark.parametrize("folder", ["", "package"])
async def test_files_are_uploaded_by_dropping_them(person: Ide, folder: str) -> None:
    app = await person.create_and_open("Drop", {"package/inner.py": "", "main.py": ""})
    target = person.tree() if folder == "" else person.file(folder)
    transfer = await person.page.evaluate_handle(
        """() => { const data = new DataTransfer();
                   data.items.add(new File(['dropped = 1\\n'], 'dropped.py'));
                   return data }"""
    )
    for event in ("dragenter", "dragover", "drop"):
        await target.dispatch_event(event, {"dataTransfer": transfer})
    path = "dropped.py" if folder == "" else f"{folder}/dropped.py"
    await expect(person.file(path)).to_be_visible()
    async with person.platform.api() as api:
        assert await api.get_file(app.id, path) == b"dropped = 1\n"


async def test_an_upload_asks_before_it_replaces(person: Ide) -> None:
    person.watch.allow("412")  # this is how the page learns that the name exists
    app = await person.create_and_open("Replace", {"main.py": "old = 1\n"})
    for answer, content in (("Skip", b"old = 1\n"), ("Replace", b"new = 1\n")):
        async with person.page.expect_file_chooser() as chooser:
            await person.files_command("Upload files")
        await (await chooser.value).set_files({"name": "main.py", "mimeType": "text/x-python", "buffer": b"new = 1\n"})
        await expect(person.dialog()).to_contain_text("main.py exists already")
        await person.dialog().get_by_role("button", name=answer, exact=True).click()
        await expect(person.dialog()).to_have_count(0)
        async with person.platform.api() as api:
            if answer == "Replace":
                await expect(person.page.get_by_text("1 file uploaded").first).to_be_visible()
            assert await api.get_file(app.id, "main.py") == content
