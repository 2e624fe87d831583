"""Scheduler, priority and processors."""

import os

print(os.sched_getscheduler(0) == os.SCHED_OTHER, os.sched_getparam(0).sched_priority)
print(os.getpriority(os.PRIO_PROCESS, 0), os.nice(0))
print(len(os.sched_getaffinity(0)) > 0, len(os.sched_getaffinity(0)) <= os.cpu_count())
