"""Prints its process id; goes on when the file params["file"] is there, and exits with params["code"]."""

import os
import sys
import time

from ompy.appmanager.variables import TASK_PARAMS

params = TASK_PARAMS["scriptParams"]
print(os.getpid())
while not os.path.exists(params["file"]):
    time.sleep(0.02)
print("went on")
sys.exit(int(params.get("code", 0)))
