"""A script that is a syntax error."""

import pathlib
import subprocess
import sys

path = pathlib.Path("broken.py")
for text in ("print('a')\ndef f(:\n    pass\n", "if x:\n", "print('é'\n", "  x = 1\n", "return 5\n", "a = 'x\n"):
    path.write_text(text, encoding="utf-8")
    done = subprocess.run([sys.executable, path.name], capture_output=True, text=True, encoding="utf-8")
    print(done.returncode, done.stdout)
    print(done.stderr.replace(str(path.resolve()), "broken.py"))
