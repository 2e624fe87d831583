"""What a child costs."""

import os
import resource

child = os.fork()
if child == 0:
    sum(range(1_000_000))
    os._exit(0)
_, status, usage = os.wait4(child, 0)
print(status, usage.ru_utime >= 0, usage.ru_maxrss > 0)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >= usage.ru_maxrss)
