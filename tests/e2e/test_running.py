"""Parameters, limits and Stop."""

import json
import re

from playwright.async_api import expect

from tests.support.browser import screenshot
from tests.support.ide import Ide

SHOW = """import json
from ompy.appmanager.variables import TASK_PARAMS
print(json.dumps(TASK_PARAMS['scriptParams'], sort_keys=True))
"""
ENDLESS = "import signal\nprint('waiting', flush=True)\nsignal.pause()\n"


async def test_general_parameters_and_those_of_the_run_are_merged(person: Ide) -> None:
    await person.create_and_open("Merged", {"show.py": SHOW}, "show.py")
    await person.set_general_parameters('{"place": "general", "name": "general"}')
    try:
        await person.run_with('{"name": "own", "number": 1.5}')
        await person.console.expect_line('{"name": "own", "number": 1.5, "place": "general"}')
        # The next time the dialog remembers them.
        dialog = await person.open_parameters()
        remembered = await dialog.get_by_label("Parameters (JSON)").input_value()
        assert json.loads(remembered) == {"name": "own", "number": 1.5}
        await screenshot(person.page, "parameters")
        await person.page.keyboard.press("Escape")
        await person.run()
        await person.console.expect_line('{"name": "general", "place": "general"}')
    finally:
        await person.set_general_parameters("{}")


async def test_a_time_limit_is_told_in_words(person: Ide) -> None:
    await person.create_and_open("Time limit", {"endless.py": ENDLESS}, "endless.py")
    await person.run_with('{"timeout": 1}')
    await person.console.expect_line("waiting")
    await person.console.expect_state("closed")
    await person.console.expect_info(re.compile(r"stopped after 1\.\d s: time limit"))
    await screenshot(person.page, "time-limit")


async def test_a_memory_limit_is_told_with_its_peak(person: Ide) -> None:
    hungry = "print('eating', flush=True)\nkept = [bytearray(8 << 20) for _ in range(1000)]\n"
    await person.create_and_open("Memory limit", {"hungry.py": hungry}, "hungry.py")
    await person.run_with('{"memoryLimit": 60}')
    await person.console.expect_state("closed")
    await person.console.expect_info(re.compile(r"memory limit 60 MB, peak \d+"))
    await screenshot(person.page, "memory-limit")


async def test_stop_and_run_again(person: Ide) -> None:
    await person.create_and_open("Stop", {"endless.py": ENDLESS}, "endless.py")
    await person.run_with('{"timeout": 300, "mark": 7}')
    await person.console.expect_line("waiting")
    await person.console.expect_state("running")
    await screenshot(person.page, "running")
    await person.console.stop()
    await person.console.expect_state("closed")
    await person.console.expect_info(re.compile(r"stopped after .* by admin"))
    await person.console.button("Run again").click()
    await expect(person.console.tabs()).to_have_count(2)
    await person.console.expect_line("waiting")
    await person.console.expect_info("300")
    await person.console.expect_info("mark")
    await person.console.stop()
    await person.console.expect_state("closed")


async def test_error_output_and_colours_are_told_apart(person: Ide) -> None:
    loud = "import sys\nprint('\\x1b[31mred\\x1b[0m plain')\nprint('problem', file=sys.stderr)\nraise SystemExit(3)\n"
    await person.create_and_open("Loud", {"loud.py": loud}, "loud.py")
    await person.run()
    await person.console.expect_line("red plain")
    await expect(person.console.line("problem").first).to_have_attribute("data-stream", "stderr")
    await expect(person.console.line("red plain").first).to_have_attribute("data-stream", "stdout")
    await person.console.expect_info(re.compile(r"exit code 3"))
