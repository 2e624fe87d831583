"""P3: the child writes to this one's pipe where it would print, so that the parent sees the moment."""

import json
import os
import subprocess
import sys
import time

from ompy.appmanager.communication import run_am_script, wait_for_task
from ompy.appmanager.variables import SCRIPT_PARAMS

here = os.path.dirname(os.path.abspath(__file__))
os.mkfifo("first_byte")
fifo = os.path.abspath("first_byte")
pipe = os.open(fifo, os.O_RDWR)
measured: dict[str, list[float]] = {"returned": [], "firstByte": [], "bare": []}
for _ in range(SCRIPT_PARAMS["runs"]):
    began = time.perf_counter()
    pid = run_am_script("child.py", {"fifo": fifo})
    measured["returned"].append((time.perf_counter() - began) * 1000)
    os.read(pipe, 1)
    measured["firstByte"].append((time.perf_counter() - began) * 1000)
    wait_for_task(pid)
    began = time.perf_counter()
    subprocess.run([sys.executable, os.path.join(here, "child.py")], stdout=subprocess.DEVNULL, check=True)
    measured["bare"].append((time.perf_counter() - began) * 1000)
print(json.dumps(measured))
