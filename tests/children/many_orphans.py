"""Makes params["count"] orphans that end at once; nobody of the task reaps them."""

import os
import time

from ompy.appmanager.variables import TASK_PARAMS

for _ in range(int(TASK_PARAMS["scriptParams"]["count"])):
    if os.fork() == 0:
        if os.fork() == 0:
            os._exit(0)
        os._exit(0)
    os.wait()
print("made")
time.sleep(3600)
