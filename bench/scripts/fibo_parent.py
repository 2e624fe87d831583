"""P9: prints the seconds that so many child tasks took in a row."""

import time

from ompy.appmanager.communication import run_am_script, wait_for_task
from ompy.appmanager.variables import SCRIPT_PARAMS

began = time.perf_counter()
for _ in range(SCRIPT_PARAMS["children"]):
    outcome = wait_for_task(run_am_script("fibo.py"))
    if not outcome.ok:
        raise SystemExit(f"fibo.py: {outcome}")
print(time.perf_counter() - began)
