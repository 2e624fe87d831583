"""Tasks whose code stands in the test: tests/children/run_code.py as a function."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from textwrap import dedent
from typing import Any

from tests.support.api import Api, App, OutputReader
from tests.support.platform import Platform

SCRIPT = "run_code.py"


async def start_code(api: Api, kit: App, code: str, **params: Any) -> str:
    """Starts a task that runs `code`; the pid."""
    return await api.start(kit, SCRIPT, {**params, "code": dedent(code)})


async def said_by(api: Api, pid: str) -> list[Any]:
    """What the task said, line by line, once it is over; AssertionError with its stderr when it failed."""
    output = await api.output(pid)
    task = await api.task(pid)
    succeeded = task["outcome"]["kind"] == "exited" and task["outcome"]["exitCode"] == 0
    assert succeeded, f"{task['outcome']}\n{output.text()}"
    return [json.loads(line) for line in output.lines()]


async def run_code(api: Api, kit: App, code: str, **params: Any) -> list[Any]:
    """What a task that runs `code` said."""
    return await said_by(api, await start_code(api, kit, code, **params))


def gate_of(platform: Platform, pid: str) -> Path:
    """What a task waits for that waits for a file `gate` in its working directory."""
    return platform.data / "workdirs" / pid / "gate"


class Listener:
    """Hears what a task says while it runs."""

    def __init__(self, reader: OutputReader) -> None:
        self._reader = reader
        self._text = ""
        self._errors = ""

    async def next(self) -> Any:
        """What it says next with `say`."""
        return json.loads(await self.line())

    async def line(self) -> str:
        while "\n" not in self._text:
            try:
                record = await anext(self._reader)
            except StopAsyncIteration:
                raise AssertionError(f"the task ended: {self._reader.end}\n{self._errors}") from None
            if record["stream"] == "stdout":
                self._text += record["text"]
            else:
                self._errors += record["text"]
        line, _, self._text = self._text.partition("\n")
        return line


@asynccontextmanager
async def hearing(api: Api, pid: str) -> AsyncIterator[Listener]:
    async with api.follow(pid) as reader:
        yield Listener(reader)
