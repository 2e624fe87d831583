"""Prints params["lines"] numbered lines, params["pause"] seconds apart, and exits with params["code"]."""

import sys
import time

from ompy.appmanager.variables import TASK_PARAMS

params = TASK_PARAMS["scriptParams"]
for number in range(int(params["lines"])):
    print(f"tick {number}")
    time.sleep(float(params["pause"]))
sys.exit(int(params.get("code", 0)))
