"""Locals, locks, conditions, barriers."""

import queue
import threading

local = threading.local()
local.value = "main"
barrier = threading.Barrier(3)
results = queue.Queue()


def run(number):
    results.put(hasattr(local, "value"))
    local.value = number
    barrier.wait()


threads = [threading.Thread(target=run, args=(number,)) for number in range(2)]
for thread in threads:
    thread.start()
barrier.wait()
for thread in threads:
    thread.join()
print(local.value, sorted(results.get() for _ in threads))
with threading.RLock() as first, threading.Semaphore(2):
    print(first)
lock = threading.Lock()
print(lock.acquire(), lock.acquire(timeout=0.05), lock.locked())
