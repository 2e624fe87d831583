"""The side that is measured: the script as a task."""

import asyncio

from tests.differential.bare import Run
from tests.support.api import Api, App, Json


async def run_managed(api: Api, app: App, script: str, params: Json | None = None) -> Run:
    """Runs it to its end."""
    pid = await api.start(app, script, params)
    outcome = (await api.closed(pid))["outcome"]
    stdout, stderr = await asyncio.gather(api.raw(pid, "stdout"), api.raw(pid, "stderr"))
    return Run(stdout, stderr, outcome.get("exitCode"), outcome.get("signal"))
