"""The standard library's own tests, as tasks and bare: the same number of them must run, fail and be skipped.

What is asked is not whether they pass (some cannot in a container without a name for its user), but whether a task
sees any other result than the plain interpreter does in the same place.
"""

import asyncio
import re
import shutil
from pathlib import Path

import pytest

from tests.differential.allowed import TESTS_ABOUT_ALLOWED
from tests.differential.bare import Run, Surroundings, run_bare
from tests.differential.managed import run_managed
from tests.differential.testsuite import NoTestsuiteError, fetched_testsuite
from tests.support.api import Api, App
from tests.support.containers import needs_container
from tests.support.platform import Platform

pytestmark = needs_container

MODULES = (Path(__file__).parent / "library_modules.txt").read_text().split()
# The same seed on both sides for what draws lots. Neither writes .pyc files, or there would be other tests to run.
SCRIPT = """\
import sys
from test.libregrtest.main import main

sys.dont_write_bytecode = True
if __name__ == "__main__":
    sys.argv[1:] = ["--randseed", "1", *{ignored!r}, {module!r}]
    main()
"""
# These in an interpreter, too, that has imported the platform's package already: the script names it.
PRELOADED = ["test_atexit", "test_gc", "test_json", "test_re", "test_site", "test_struct", "test_sys", "test_threading"]
MEMORY_MB = 1000


def script_for(module: str) -> str:
    ignored = [f"--ignore={test}" for of, test, _ in TESTS_ABOUT_ALLOWED if of == module]
    return SCRIPT.format(module=module, ignored=ignored)


@pytest.fixture(scope="module")
def library(platform: Platform) -> App:
    """An application with a script for each module, and the package `test` in front of the image's shortened one."""
    try:
        folder = fetched_testsuite()
    except NoTestsuiteError as problem:
        pytest.skip(str(problem))

    async def create() -> App:
        async with platform.api() as client:
            scripts: dict[str, str | bytes] = {f"run_{name}.py": script_for(name) for name in MODULES}
            scripts |= {f"preloaded_{name}.py": script_for(name) + "# ompy\n" for name in PRELOADED}
            return await client.create_application("Library", scripts)

    app = asyncio.run(create())
    shutil.copytree(folder, Path(app.path) / "test")
    return app


def counted(run: Run) -> dict[str, object]:
    """What regrtest says in the end; its whole output when it says nothing."""
    text = run.stdout.decode(errors="replace")
    totals = re.findall(r"^Total tests: (.*)$", text, re.MULTILINE)
    results = re.findall(r"^Result: (.*)$", text, re.MULTILINE)
    return {"ended": (run.exit_code, run.signal), "tests": totals or text, "result": results}


async def compare(platform: Platform, api: Api, around: Surroundings, library: App, script: str) -> None:
    bare, managed = await asyncio.gather(
        run_bare(platform, around, f"/sources/{Path(library.path).name}/{script}"),
        run_managed(api, library, script, {"memoryLimit": MEMORY_MB}),
    )
    assert counted(managed) == counted(bare), failures(bare, managed)
    assert "run=" in str(counted(bare)["tests"]), bare


@pytest.mark.parametrize("module", MODULES)
async def test_a_task_has_the_same_results(
    platform: Platform, api: Api, around: Surroundings, library: App, module: str
) -> None:
    await compare(platform, api, around, library, f"run_{module}.py")


@pytest.mark.parametrize("module", PRELOADED)
async def test_a_task_with_preloaded_modules_has_the_same_results(
    platform: Platform, api: Api, around: Surroundings, library: App, module: str
) -> None:
    await compare(platform, api, around, library, f"preloaded_{module}.py")


def failures(bare: Run, managed: Run) -> str:
    """The end of both outputs, where the failed tests are named."""
    sides = {"bare": bare, "managed": managed}
    return "\n".join(f"--- {name}\n{(run.stdout + run.stderr)[-6000:].decode()}" for name, run in sides.items())
