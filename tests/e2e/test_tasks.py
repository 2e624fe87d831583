"""The history of tasks with its filters, and the hypervisors."""

import re

from playwright.async_api import Locator, expect

from tests.support.browser import screenshot
from tests.support.ide import Ide


def rows(person: Ide) -> Locator:
    return person.page.get_by_test_id("tasks-page").locator("tbody tr")


async def choose(person: Ide, label: str, value: str) -> None:
    await person.page.get_by_test_id("tasks-page").get_by_role("textbox", name=label, exact=True).click()
    await person.page.get_by_role("option", name=value, exact=True).click()


async def test_filters_paging_and_running_again(person: Ide) -> None:
    async with person.platform.api() as api:
        app = await api.create_application("History", {"good.py": "print('good')\n", "bad.py": "raise SystemExit(5)\n"})
        for _ in range(55):
            await api.start(app, "good.py")
        last = await api.start(app, "bad.py", {"mark": "kept"})
        await api.closed(last)
    await person.page.get_by_role("link", name="Tasks").click()
    await choose(person, "Application", app.name)
    await expect(rows(person)).to_have_count(50)
    await person.button("Older tasks").click()
    await expect(rows(person)).to_have_count(56)
    await choose(person, "Script", "bad.py")
    await expect(rows(person)).to_have_count(1)
    await expect(rows(person)).to_contain_text(re.compile("exit code 5"))
    await screenshot(person.page, "tasks")
    await rows(person).get_by_role("button", name="Run again").click()
    await expect(rows(person)).to_have_count(2)
    await person.console.expect_state("closed")
    await person.console.expect_info("kept")
    # The view is in the address.
    await person.page.reload()
    await expect(rows(person)).to_have_count(2)
    await choose(person, "Outcome", "Time limit")
    await expect(person.page.get_by_text("No task matches")).to_be_visible()


async def test_a_running_task_is_seen_opened_and_stopped(person: Ide) -> None:
    async with person.platform.api() as api:
        app = await api.create_application(
            "Live", {"live.py": "import signal\nprint('up', flush=True)\nsignal.pause()\n"}
        )
    await person.page.get_by_role("link", name="Tasks").click()
    await choose(person, "Application", app.name)
    async with person.platform.api() as api:
        await api.start(app, "live.py")
    await expect(rows(person)).to_contain_text("running")
    await rows(person).get_by_role("button", name="Open output").click()
    await person.console.expect_line("up")
    await rows(person).get_by_role("button", name="Stop").click()
    await expect(rows(person)).to_contain_text(re.compile("stopped after .* by admin"))


async def test_who_runs_the_tasks(person: Ide) -> None:
    async with person.platform.api() as api:
        known = await api.call("GET", "/hypervisors")
    await person.page.get_by_role("link", name="Hypervisors").click()
    page = person.page.get_by_test_id("hypervisors-page")
    await expect(page).to_contain_text(known[0]["name"])
    await expect(page).to_contain_text(known[0]["version"])
    await expect(page).to_contain_text(f"of {known[0]['capacity']} tasks")
    await screenshot(person.page, "hypervisors")
