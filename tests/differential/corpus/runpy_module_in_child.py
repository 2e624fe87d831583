"""python -m of a module beside the script."""

import os
import subprocess
import sys

folder = os.path.dirname(os.path.abspath(__file__))
command = [sys.executable, "-m", "_helper_module_main", "a", "b"]
done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
print(done.returncode, done.stdout, done.stderr)
done = subprocess.run([sys.executable, "-m", "no_such_module_at_all"], capture_output=True, text=True)
print(done.returncode, done.stderr.rpartition("/")[2].split(": ", 1)[1])
