"""celery: two worker processes, Redis or else files as broker and for the results.

Arguments: see driver.script_arguments().
"""

import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

from bench.peers.driver import WORKERS, answer, program, redis_server, script_arguments


def settings_for_redis(path: str) -> dict[str, Any]:
    """celery's settings for a Redis on that unix socket."""
    return {"broker_url": f"redis+socket://{path}", "result_backend": f"redis+socket://{path}?virtual_host=1"}


def settings_for_files(folder: str) -> dict[str, Any]:
    """celery's settings without a server: messages and results are files in that folder."""
    for name in ("messages", "results", "control"):
        os.mkdir(f"{folder}/{name}")
    transport = {
        "data_folder_in": f"{folder}/messages",
        "data_folder_out": f"{folder}/messages",
        "control_folder": f"{folder}/control",
        "polling_interval": 0.005,
    }
    return {
        "broker_url": "filesystem://",
        "broker_transport_options": transport,
        "result_backend": f"file://{folder}/results",
    }


@contextlib.contextmanager
def running() -> Iterator[Callable[[str, int], None]]:
    """The workers for the block; all tasks are handed over at once."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="am-bench-"))
        try:
            settings = settings_for_redis(stack.enter_context(redis_server(folder)))
        except FileNotFoundError:
            settings = settings_for_files(folder)
        os.environ["AM_BENCH_CELERY"] = json.dumps(settings)
        from bench.peers import celery_app

        options = [f"--concurrency={WORKERS}", "--without-gossip", "--without-mingle", "--loglevel=ERROR"]
        stack.enter_context(
            program([sys.executable, "-m", "celery", "-A", "bench.peers.celery_app", "worker", *options])
        )
        arguments = {"function": (), "script": script_arguments()}

        def run(way: str, count: int) -> None:
            one = getattr(celery_app, way)
            results = [one.delay(*arguments[way]) for _ in range(count)]
            for result in results:
                result.get(timeout=300, interval=0.005)

        run("function", 1)
        yield run


if __name__ == "__main__":
    answer(running())
