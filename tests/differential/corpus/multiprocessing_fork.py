"""Processes by fork."""

import multiprocessing
import os
import signal
import sys


def leave(code):
    print("child", code, multiprocessing.parent_process().name, flush=True)
    sys.exit(code)


def fail():
    raise ValueError("of the child")


def die():
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    for target, arguments in ((leave, (3,)), (leave, ("text",)), (leave, (None,)), (fail, ()), (die, ())):
        process = context.Process(target=target, args=arguments)
        process.start()
        process.join()
        print(process.name, process.exitcode, process.is_alive(), flush=True)
