"""Children write to the same streams."""

import os
import subprocess
import sys

print("one", flush=True)
subprocess.run([sys.executable, "-c", "import sys; print('two'); print('error', file=sys.stderr)"])
print("three", flush=True)
os.system("echo four; echo five >&2")
print("six", flush=True)
