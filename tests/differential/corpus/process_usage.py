"""What the process has used."""

import os
import resource
import time

usage = resource.getrusage(resource.RUSAGE_SELF)
print([type(value).__name__ for value in usage])
print(usage.ru_utime >= 0, usage.ru_maxrss > 0, usage.ru_nswap)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime == 0, os.times().children_user == 0)
print(time.process_time() < 30, time.thread_time() < 30, os.times().elapsed > 0)
