"""The functions of the output panel: search, copy, clear, follow, download, collapse, status and progress, network."""

import re
from pathlib import Path

from playwright.async_api import Browser, expect

from tests.e2e.conftest import open_ide
from tests.support.browser import browsing, screenshot
from tests.support.ide import Ide
from tests.support.platform import Platform

COUNTING = "for n in range(500):\n    print('count', n)\n"
GATED = """from ompy.appmanager.communication import set_status
from ompy.appmanager.observer import read_json_from_observer
print('before', flush=True)
set_status('half of it', 0.5)
print(read_json_from_observer())
"""


async def test_search_walks_through_the_matches(person: Ide) -> None:
    await person.create_and_open("Search", {"count.py": COUNTING}, "count.py")
    await person.run()
    await person.console.expect_line("count 499")
    await person.console.search("count 7")
    await expect(person.console.root()).to_contain_text(re.compile(r"\d+ of 11"))
    await expect(person.console.root().locator("mark").first).to_be_visible()
    await person.page.keyboard.press("Enter")
    await expect(person.console.root()).to_contain_text("2 of 11")
    await person.console.button("Previous match").click()
    await expect(person.console.root()).to_contain_text("1 of 11")
    await person.page.keyboard.press("Escape")
    await expect(person.console.root().locator("mark")).to_have_count(0)


async def test_copy_clear_and_follow(person: Ide) -> None:
    await person.create_and_open("Copy", {"count.py": COUNTING}, "count.py")
    await person.run()
    await person.console.expect_line("count 499")
    await person.console.scroll_to_start()
    await person.console.expect_line("count 0")
    follow = person.console.button("Follow the output")
    await expect(follow).to_have_attribute("aria-pressed", "false")
    await follow.click()
    await person.console.expect_line("count 499")
    await person.console.button("Copy").click()
    await expect(person.page.get_by_text("500 lines copied").first).to_be_visible()
    copied = str(await person.page.evaluate("navigator.clipboard.readText()"))
    assert [int(number) for number in re.findall(r"count (\d+)", copied)] == list(range(500))
    await person.console.button("Clear").click()
    await expect(person.console.lines()).to_have_count(0)
    await expect(person.console.root()).to_contain_text("Cleared")


async def test_download_with_and_without_times(person: Ide, tmp_path: Path) -> None:
    await person.create_and_open("Download", {"count.py": COUNTING}, "count.py")
    await person.run()
    await person.console.expect_line("count 499")
    texts = {}
    for item in ("With times", "Without times", "As the task wrote it (raw bytes)"):
        await person.console.button("Download the output").click()
        async with person.page.expect_download() as started:
            await person.page.get_by_role("menuitem", name=item).click()
        saved = tmp_path / "output"
        await (await started.value).save_as(saved)
        texts[item] = saved.read_text().splitlines()
    plain = [f"count {number}" for number in range(500)]
    assert texts["Without times"] == plain
    assert texts["As the task wrote it (raw bytes)"] == plain
    assert all(
        re.fullmatch(rf"\[\d\d\.\d{{3}}\] +{one}", line) for one, line in zip(plain, texts["With times"], strict=True)
    )


async def test_the_panel_collapses_and_tabs_close(person: Ide) -> None:
    await person.create_and_open("Collapse", {"count.py": COUNTING}, "count.py")
    await person.run()
    await person.console.expect_line("count 499")
    await person.page.get_by_role("button", name="Task output", exact=True).click()
    await expect(person.console.lines()).to_have_count(0)
    await person.page.get_by_role("button", name="Task output", exact=True).click()
    await person.console.expect_line("count 499")
    await person.page.get_by_title("Close the tab of count.py").click()
    await expect(person.console.tabs()).to_have_count(0)


async def test_status_and_progress_of_a_task(person: Ide) -> None:
    await person.create_and_open("Status", {"gated.py": GATED}, "gated.py")
    await person.run()
    progress = person.console.root().get_by_role("progressbar")
    await expect(progress).to_have_attribute("aria-valuenow", "50")
    await expect(person.console.root()).to_contain_text("half of it")
    await screenshot(person.page, "progress")
    async with person.platform.api() as api:
        pid = next(task["pid"] for task in await api.tasks(state="running") if task["startPath"] == "gated.py")
        await api.call("POST", f"/tasks/{pid}/messages", {"go": True})
    await person.console.expect_line("{'go': True}")
    await person.console.expect_state("closed")
    await expect(progress).to_have_count(0)


async def test_output_goes_on_when_the_network_was_away(browser: Browser, platform: Platform) -> None:
    async with browsing(browser) as (context, watch):
        ide = await open_ide(await context.new_page(), watch, platform)
        watch.allow("ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED")
        await ide.create_and_open("Network", {"gated.py": GATED}, "gated.py")
        await ide.run()
        await ide.console.expect_line("before")
        await context.set_offline(True)
        async with platform.api() as api:
            pid = next(task["pid"] for task in await api.tasks(state="running") if task["startPath"] == "gated.py")
            await api.call("POST", f"/tasks/{pid}/messages", {"n": 1})
            await api.closed(pid)
        await context.set_offline(False)
        await ide.console.expect_line("{'n': 1}")
        await ide.console.expect_state("closed")
        assert await ide.console.lines().count() == 2
