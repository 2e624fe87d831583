"""P9's peer: the same by subprocess.run. Arguments: how many, then the command of one."""

import subprocess
import sys
import time

count, *command = sys.argv[1:]
began = time.perf_counter()
for _ in range(int(count)):
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
print(time.perf_counter() - began)
