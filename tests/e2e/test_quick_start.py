"""The guide's quick start and its examples, by hand in the browser."""

import re

from playwright.async_api import expect

from tests.support.browser import screenshot
from tests.support.ide import Ide
from tests.support.platform import ROOT

MANUAL = ROOT / "examples/Manual"
# "[00.026] Hello world!": the offset from the start stands before the line.
OFFSET = re.compile(r"\[\d\d\.\d{3}\]")


def manual(*names: str) -> dict[str, str | bytes]:
    return {name: (MANUAL / name).read_bytes() for name in names}


async def test_from_a_new_script_to_the_console(person: Ide) -> None:
    await person.create_application("Quick start")
    await person.create_script("test.py")
    await expect(person.run_button()).to_have_attribute("aria-disabled", "true")
    await expect(person.run_button()).to_have_attribute("aria-description", re.compile("not executable"))
    await person.make_executable("test.py")
    await person.expect_saved()
    await person.replace_text("print('Hello world!')\n")
    await person.expect_unsaved()
    await person.save()
    await person.run()
    await person.console.expect_line("Hello world!")
    await person.console.expect_state("closed")
    await expect(person.console.line("Hello world!").first).to_contain_text(OFFSET)
    await expect(person.console.selected_tab()).to_contain_text(
        re.compile(r"test\.py.*\d:\d\d:\d\d.*\+\d+s", re.DOTALL)
    )
    for field in ("scriptId", "applicationId", "pid", "owner", "startParams", "startedAt", "language", "startPath"):
        await person.console.expect_info(field)
    await person.console.expect_info("python3")
    await screenshot(person.page, "quick-start")


async def test_local_modules(person: Ide) -> None:
    script = "test_import_local_module.py"
    files = manual(script, "module1.py", "package/module2.py")
    await person.create_and_open("Modules", files, script, (script,))
    await person.run()
    for line in ("Imported module 1", "Imported module 2", "Test local module imports", "Print from module 2"):
        await person.console.expect_line(line)
    await person.console.expect_state("closed")
    assert await person.console.lines().count() == 5
    await screenshot(person.page, "modules")


async def test_parent_and_child_share_a_tab(person: Ide) -> None:
    await person.create_and_open("Family", manual("parent.py", "child.py"), "parent.py")
    await person.run()
    await person.console.expect_line("Print from child")
    await person.console.expect_line("Завершение родительской задачи")
    await person.console.expect_state("closed")
    assert await person.console.tabs().count() == 1
    child = person.console.line("Print from child").first
    await expect(child).to_have_attribute("data-child", re.compile("."))
    await expect(person.console.line("Завершение").first).not_to_have_attribute("data-child", re.compile("."))
    await screenshot(person.page, "parent-and-child")


async def test_five_runs_are_five_tasks(person: Ide) -> None:
    await person.create_and_open(
        "Five", {"wait.py": "import os\nprint('pid', os.getpid())\ninput() if False else None\n"}, "wait.py"
    )
    for number in range(1, 6):
        await person.run()
        await expect(person.console.tabs()).to_have_count(number)
    await person.console.expect_state("closed")
    async with person.platform.api() as api:
        tasks = [task for task in await api.tasks(limit=50) if task["startPath"] == "wait.py"]
    assert len({task["pid"] for task in tasks}) == 5
