"""Processes by a fork server."""

import multiprocessing
import sys


def work(queue):
    queue.put((__name__, multiprocessing.current_process().name, sys.argv == ["x"], "_waiting" in sys.modules))


if __name__ == "__main__":
    context = multiprocessing.get_context("forkserver")
    queue = context.SimpleQueue()
    process = context.Process(target=work, args=(queue,))
    process.start()
    process.join()
    print(queue.get(), process.exitcode)
