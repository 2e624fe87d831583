"""exec of a shell."""

import os
import sys

print("before", flush=True)
os.environ["CORPUS"] = "given"
sys.stdout.reconfigure(line_buffering=False)
print("lost")
os.execl("/bin/sh", "a-shell", "-c", "echo $0 $CORPUS; exit 42")
