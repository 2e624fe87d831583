"""Descriptors redirected below Python."""

import os
import sys
import tempfile

with tempfile.TemporaryFile() as file:
    saved = os.dup(1)
    os.dup2(file.fileno(), 1)
    print("into the file", flush=True)
    os.system("echo of the shell")
    os.dup2(saved, 1)
    os.close(saved)
    file.seek(0)
    print(file.read())
sys.stdout.flush()
os.dup2(1, 2)
print("stderr is stdout", file=sys.stderr)
