"""A million lines: the page stays responsive, and every line can be reached and found."""

import json

import pytest
from playwright.async_api import Browser, expect

from tests.support.browser import REPORTS, screenshot
from tests.support.ide import Ide
from tests.support.trace import tracing

LINES = 1_000_000
LONGEST_TASK_MS = 200
FLOOD = f"import sys\nfor n in range({LINES}):\n    sys.stdout.write(f'line {{n}} of a flood\\n')\nprint('the end')\n"


@pytest.mark.timeout(300)
async def test_a_million_lines(person: Ide, browser: Browser) -> None:
    await person.create_and_open("Flood", {"flood.py": FLOOD}, "flood.py")
    async with tracing(browser, person.page, REPORTS / "flood-trace.json") as trace:
        await person.run()
        await expect(person.console.line("the end").first).to_be_visible(timeout=240_000)
        await person.console.expect_state("closed")
        # To the beginning, to the middle, and a search over all of it.
        await person.console.scroll_to_start()
        await expect(person.console.line("line 0 of a flood").first).to_be_visible()
        await person.console.search(f"line {LINES // 2} of")
        await expect(person.console.line(f"line {LINES // 2} of a flood").first).to_be_visible(timeout=60_000)
    await screenshot(person.page, "flood")
    longest = trace.longest()
    report = [
        {"startMs": task.start_ms, "wallMs": task.wall_ms, "cpuMs": task.cpu_ms, "inside": task.inside}
        for task in longest
    ]
    (REPORTS / "flood-longest-tasks.json").write_text(json.dumps(report, indent=1))
    assert len(trace.tasks) > 100, "the trace shows nothing"
    assert longest[0].wall_ms <= LONGEST_TASK_MS, report
