"""A scripted debugger in a child."""

import os
import subprocess
import sys

with open("debugged.py", "w") as file:
    file.write("def work(n):\n    total = n + 1\n    return total\n\nprint(work(4))\n")
commands = "b work\nc\nn\np total\nw\nl\nc\nq\n"
environment = {name: value for name, value in os.environ.items() if name != "HOME"} | {"HOME": os.getcwd()}
done = subprocess.run(
    [sys.executable, "-m", "pdb", "debugged.py"], input=commands, capture_output=True, text=True, env=environment
)
print(done.returncode, done.stdout.replace(os.getcwd(), "."), done.stderr)
