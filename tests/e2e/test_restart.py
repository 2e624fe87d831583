"""The manager goes away and comes back in the middle of output: the page goes on without a gap or a double line."""

import asyncio
import re

from playwright.async_api import Browser, expect

from tests.e2e.conftest import open_ide
from tests.support import processes
from tests.support.browser import browsing, screenshot
from tests.support.platform import Platform

TICKS = 300
TICKING = (
    f"import time\nfor n in range({TICKS}):\n    print('tick', n, flush=True)\n    time.sleep(0.02)\nprint('the end')\n"
)


async def test_output_goes_on_after_a_restart_of_the_manager(browser: Browser, own_platform: Platform) -> None:
    async with browsing(browser) as (context, watch):
        ide = await open_ide(await context.new_page(), watch, own_platform)
        await ide.create_and_open("Restart", {"ticking.py": TICKING}, "ticking.py")
        await ide.run()
        await ide.console.expect_line("tick 20")
        watch.expect(
            "ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|WebSocket|network error"
            # The new manager answers before the hypervisor has come back to it.
            "|503 for GET .*/usage|Service Unavailable.*/usage"
        )
        await asyncio.to_thread(processes.kill_and_wait, own_platform.manager_pid)
        await screenshot(ide.page, "manager-away")
        await expect(ide.console.line("the end").first).to_be_visible(timeout=60_000)
        await ide.console.expect_state("closed")
        await ide.console.button("Copy").click()
        await expect(ide.page.get_by_text(re.compile(r"\d lines copied")).first).to_be_visible()
        text = str(await ide.page.evaluate("navigator.clipboard.readText()"))
        seen = [int(number) for number in re.findall(r"tick (\d+)", text)]
        assert seen == list(range(TICKS))
        # The rest of the page is alive, too.
        await ide.run()
        await expect(ide.console.tabs()).to_have_count(2)
