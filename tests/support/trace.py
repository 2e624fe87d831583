"""Chromium's performance traces: what kept the main thread of a page busy, and for how long."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page

# One task of a thread's message loop, and the functions in it.
_CATEGORIES = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline", "blink.user_timing"]
_MAIN_THREAD = "CrRendererMain"
_TASK_NAMES = ("RunTask",)


@dataclass(frozen=True)
class MainThreadTask:
    """Milliseconds, from the beginning of the trace."""

    start_ms: float
    wall_ms: float
    cpu_ms: float
    inside: tuple[str, ...]  # the longest functions in it


@dataclass
class Trace:
    path: Path
    tasks: list[MainThreadTask] = field(default_factory=list)

    def longest(self, count: int = 5) -> list[MainThreadTask]:
        return sorted(self.tasks, key=lambda task: -task.wall_ms)[:count]


@asynccontextmanager
async def tracing(browser: Browser, page: Page, path: Path) -> AsyncIterator[Trace]:
    """Traces what happens in the block; the file can be opened in DevTools."""
    path.parent.mkdir(parents=True, exist_ok=True)
    trace = Trace(path)
    await browser.start_tracing(page=page, path=path, categories=_CATEGORIES)
    try:
        yield trace
    finally:
        content = await browser.stop_tracing()
    trace.tasks = main_thread_tasks(json.loads(content)["traceEvents"])


def main_thread_tasks(events: list[dict[str, Any]]) -> list[MainThreadTask]:
    """The tasks of the main thread of the busiest renderer, in order."""
    threads = {
        (one["pid"], one["tid"])
        for one in events
        if one.get("name") == "thread_name" and one["args"]["name"] == _MAIN_THREAD
    }
    by_thread: dict[tuple[int, int], list[dict[str, Any]]] = {thread: [] for thread in threads}
    for one in events:
        if one.get("ph") == "X" and (one["pid"], one["tid"]) in by_thread:
            by_thread[one["pid"], one["tid"]].append(one)
    found: list[MainThreadTask] = []
    for complete in by_thread.values():
        tasks = _tasks_of_thread(complete)
        if sum(task.wall_ms for task in tasks) > sum(task.wall_ms for task in found):
            found = tasks
    return found


def _tasks_of_thread(events: list[dict[str, Any]]) -> list[MainThreadTask]:
    events = sorted(events, key=lambda one: one["ts"])
    tasks = [one for one in events if one["name"] in _TASK_NAMES]
    if not tasks:
        return []
    begin = tasks[0]["ts"]
    found = []
    for task in tasks:
        end = task["ts"] + task.get("dur", 0)
        wall_ms = task.get("dur", 0) / 1000
        inside: list[dict[str, Any]] = []
        if wall_ms > 50:  # only those are ever shown
            inside = [
                one
                for one in events
                if task["ts"] <= one["ts"] < end and one is not task and one["name"] not in _TASK_NAMES
            ]
        longest = sorted(inside, key=lambda one: -one.get("dur", 0))[:4]
        names = tuple(f"{one['name']} {one.get('dur', 0) / 1000:.0f} ms" for one in longest)
        found.append(MainThreadTask((task["ts"] - begin) / 1000, wall_ms, task.get("tdur", 0) / 1000, names))
    return found
