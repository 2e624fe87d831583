"""A pool of threads."""

import concurrent.futures
import threading
import time


def work(number):
    if number == 3:
        raise ValueError("three")
    return number * 2


with concurrent.futures.ThreadPoolExecutor(2, thread_name_prefix="pool", initializer=lambda: None) as executor:
    futures = [executor.submit(work, number) for number in range(5)]
    print([future.exception() or future.result() for future in futures])
    print(list(executor.map(work, range(3))))
    print(executor.submit(lambda: threading.current_thread().name.startswith("pool_")).result())
    try:
        executor.submit(time.sleep, 0.3).result(timeout=0.05)
    except TimeoutError as error:
        print(type(error).__name__)
try:
    executor.submit(work, 1)
except RuntimeError as error:
    print(error)
futures[3].result()
