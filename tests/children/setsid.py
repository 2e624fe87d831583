"""Starts a process in a session and process group of its own, with an empty environment."""

import subprocess
import sys
import time

print(
    subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(3600)"], start_new_session=True, env={}, cwd="/"
    ).pid,
    flush=True,
)
time.sleep(3600)
