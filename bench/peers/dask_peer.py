"""dask.distributed: two worker processes on loopback. Arguments: see driver.script_arguments()."""

import contextlib
from collections.abc import Callable, Iterator

from bench.peers import jobs
from bench.peers.driver import WORKERS, answer, script_arguments


@contextlib.contextmanager
def running() -> Iterator[Callable[[str, int], None]]:
    """The workers for the block; all calls are handed over at once."""
    from distributed import Client, LocalCluster  # type: ignore[import-not-found, unused-ignore]

    with (
        LocalCluster(
            n_workers=WORKERS, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        arguments = script_arguments()
        calls: dict[str, Callable[[int], None]] = {
            "function": lambda _: jobs.function(),
            "script": lambda _: jobs.script(*arguments),
        }

        def run(way: str, count: int) -> None:
            client.gather(client.map(calls[way], range(count), pure=False))

        yield run


if __name__ == "__main__":
    answer(running())
