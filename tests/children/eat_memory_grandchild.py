"""A grandchild takes params["mb"] megabytes; the task and the child only wait."""

import os
import time

from ompy.appmanager.variables import TASK_PARAMS

if os.fork() == 0:
    if os.fork() == 0:
        held = []
        for _ in range(int(TASK_PARAMS["scriptParams"]["mb"]) // 10):
            held.append(b"\xa5" * (10 * 1024 * 1024))
        print("holding", flush=True)
        time.sleep(3600)
    os.wait()
    os._exit(0)
os.wait()
