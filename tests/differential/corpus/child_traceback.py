"""The traceback and the warnings of a child."""

import subprocess
import sys

for options in ([], ["-W", "error"], ["-O"], ["-X", "dev"]):
    text = "import warnings\nprint(__debug__)\nwarnings.warn('careful', DeprecationWarning)\nassert not 1\n1/0"
    done = subprocess.run([sys.executable, *options, "-c", text], capture_output=True, text=True)
    print(options, done.returncode, done.stdout, done.stderr)
