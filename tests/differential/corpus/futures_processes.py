"""A pool of processes."""

import concurrent.futures
import multiprocessing
import os
import signal


def work(number):
    if number == 3:
        raise ValueError("three")
    return number * 2


def die():
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as executor:
        print(list(executor.map(work, range(3))), repr(executor.submit(work, 3).exception()))
        try:
            executor.submit(die).result()
        except concurrent.futures.process.BrokenProcessPool as error:
            print(type(error).__name__)
