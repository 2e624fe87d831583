"""Scripts run by the platform against the same scripts run by the bare interpreter.

A case is any file of corpus/ whose name does not begin with an underscore: it must print the same, on both streams,
and end the same, but for what allowed.py lists.
"""

import asyncio
import difflib
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.differential.allowed import ABOUT_MODULES, ALLOWED, LINE_BUFFERED, TESTS_ABOUT_ALLOWED, Allowed, comparable
from tests.differential.bare import Run, Surroundings, run_bare
from tests.differential.managed import run_managed
from tests.support.api import Api, App, Json
from tests.support.containers import needs_container
from tests.support.platform import ROOT, Platform

CORPUS = Path(__file__).parent / "corpus"
FILES = {path.relative_to(CORPUS).as_posix(): path for path in sorted(CORPUS.rglob("*.py"))}
CASES = [name for name in FILES if "/" not in name and not name.startswith("_")]
COLD_CASES = CASES[::5]
PRELOADED_CASES = [name for name in CASES[::3] if name not in ABOUT_MODULES]
# A script that says this name runs in an interpreter that has imported the platform's package already.
PRELOADING = b"\n# ompy\n"
ENDS: dict[str, Callable[[Run], int | None]] = {
    "exit code": lambda run: run.exit_code,
    "signal": lambda run: run.signal,
}


def create(platform: Platform, name: str, contents: dict[str, str | bytes]) -> App:
    async def ask() -> App:
        async with platform.api() as client:
            return await client.create_application(name, contents, tuple(CASES))

    return asyncio.run(ask())


@pytest.fixture(scope="module")
def corpus(platform: Platform) -> App:
    return create(platform, "Corpus", {name: path.read_bytes() for name, path in FILES.items()})


@pytest.fixture(scope="module")
def preloading_corpus(platform: Platform) -> App:
    return create(platform, "Preloading", {name: path.read_bytes() + PRELOADING for name, path in FILES.items()})


def differences(bare: Run, managed: Run) -> str:
    """A diff of the two, empty when they are the same."""
    lines = [f"{name}: bare {of(bare)}, managed {of(managed)}" for name, of in ENDS.items() if of(bare) != of(managed)]
    for name, one, other in (("stdout", bare.stdout, managed.stdout), ("stderr", bare.stderr, managed.stderr)):
        before, after = ([str(line) for line in content.splitlines(keepends=True)] for content in (one, other))
        lines += difflib.unified_diff(before, after, f"bare {name}", f"managed {name}", n=1, lineterm="")
    return "\n".join(lines)


async def compare(platform: Platform, api: Api, around: Surroundings, app: App, script: str, params: Json) -> None:
    inside = f"/sources/{Path(app.path).name}/{script}"
    bare = await run_bare(platform, around, inside, line_buffered=script in LINE_BUFFERED)
    managed = await run_managed(api, app, script, params)
    found = differences(comparable(bare, script), comparable(managed, script))
    assert not found, f"{script} {params}:\n{found}"


@needs_container
@pytest.mark.parametrize("script", CASES)
async def test_a_forked_task_does_what_the_bare_script_does(
    platform: Platform, api: Api, around: Surroundings, corpus: App, script: str
) -> None:
    await compare(platform, api, around, corpus, script, {})


@needs_container
@pytest.mark.parametrize("script", COLD_CASES)
async def test_a_task_started_cold_does_what_the_bare_script_does(
    platform: Platform, api: Api, around: Surroundings, corpus: App, script: str
) -> None:
    await compare(platform, api, around, corpus, script, {"coldStart": True})


@needs_container
@pytest.mark.parametrize("script", PRELOADED_CASES)
async def test_a_task_with_preloaded_modules_does_what_the_bare_script_does(
    platform: Platform, api: Api, around: Surroundings, preloading_corpus: App, script: str
) -> None:
    await compare(platform, api, around, preloading_corpus, script, {})


@pytest.mark.parametrize("entry", ALLOWED, ids=lambda entry: entry.name)
def test_what_may_differ_is_told_to_the_user(entry: Allowed) -> None:
    page = (ROOT / "docs/FIDELITY.md").read_text()
    assert re.search(rf"^- \*\*{re.escape(entry.name)}\*\*", page, re.MULTILINE), f"no '{entry.name}' on that page"


def test_no_test_is_left_out_without_a_reason() -> None:
    assert {name for _, _, name in TESTS_ABOUT_ALLOWED} <= {entry.name for entry in ALLOWED}
