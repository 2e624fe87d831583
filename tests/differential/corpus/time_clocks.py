"""Relations of clocks."""

import time

for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time"):
    info = time.get_clock_info(name)
    clock = getattr(time, name)
    print(name, info.adjustable, info.monotonic, info.implementation, clock() <= clock())
start = time.monotonic()
time.sleep(0.05)
print(0.05 <= time.monotonic() - start < 3, time.process_time() < 5)
print(time.clock_gettime(time.CLOCK_BOOTTIME) >= time.clock_gettime(time.CLOCK_MONOTONIC) - 1)
