"""rq: two workers, each forks for every job, as it comes; needs Redis. Arguments: see driver.script_arguments()."""

import contextlib
import sys
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

from bench.peers import jobs
from bench.peers.driver import WORKERS, answer, program, redis_server, script_arguments, wait_until


@contextlib.contextmanager
def running() -> Iterator[Callable[[str, int], None]]:
    """The workers for the block; all jobs are handed over at once."""
    from redis import Redis  # type: ignore[import-not-found, unused-ignore]
    from rq import Queue  # type: ignore[import-not-found, unused-ignore]
    from rq.registry import FinishedJobRegistry  # type: ignore[import-not-found, unused-ignore]

    with contextlib.ExitStack() as stack:
        path = stack.enter_context(redis_server(stack.enter_context(tempfile.TemporaryDirectory(prefix="am-bench-"))))
        queue: Any = Queue("bench", connection=Redis(unix_socket_path=path))
        finished: Any = FinishedJobRegistry(queue=queue)
        command = [sys.executable, "-m", "rq.cli", "worker", "--url", f"unix://{path}", "--quiet", "bench"]
        for _ in range(WORKERS):
            stack.enter_context(program(command))
        arguments = {"function": (), "script": script_arguments()}

        def run(way: str, count: int) -> None:
            wanted = finished.get_job_count(cleanup=False) + count
            job = Queue.prepare_data(getattr(jobs, way), args=arguments[way], result_ttl=3600)
            queue.enqueue_many([job] * count)
            wait_until(lambda: finished.get_job_count(cleanup=False) >= wanted, "the last job", 300)

        run("function", WORKERS)
        yield run


if __name__ == "__main__":
    answer(running())
