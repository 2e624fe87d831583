"""The interactive mode in a child."""

import os
import subprocess
import sys

done = subprocess.run(
    [sys.executable, "-i", "-q", "-c", "x = 3; raise ValueError('then')"],
    input="x + 1\n1/0\nimport sys; sys.last_type\nexit(7)\n",
    capture_output=True,
    text=True,
    env=os.environ | {"HOME": os.getcwd(), "PYTHON_BASIC_REPL": "1", "TERM": "dumb"},
)
print(done.returncode, done.stdout)
print(done.stderr)
