"""Processes by spawn."""

import multiprocessing
import os
import sys


def work(number, queue):
    queue.put((number, __name__, multiprocessing.current_process().name, multiprocessing.get_start_method()))
    sys.exit(number)


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=work, args=(7, queue))
    process.start()
    print(queue.get(timeout=4))
    process.join()
    print(process.exitcode, multiprocessing.active_children(), multiprocessing.current_process().name)
    print(multiprocessing.parent_process(), os.getpid() == multiprocessing.current_process().pid)
else:
    print("imported as", __name__, flush=True)
