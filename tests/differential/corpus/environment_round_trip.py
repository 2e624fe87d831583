"""Variables for children."""

import os
import subprocess

os.environ["CORPUS_ONE"] = "первый"
os.environb[b"CORPUS_BYTES"] = b"\xff\xfe"
os.putenv("CORPUS_PUT", "put")
print(os.environ.get("CORPUS_PUT"), ascii(os.environ["CORPUS_BYTES"]))
command = 'echo "$CORPUS_ONE $CORPUS_PUT"; printf %s "$CORPUS_BYTES" | od -An -tx1'
print(subprocess.run(["sh", "-c", command], capture_output=True).stdout.decode())
os.unsetenv("CORPUS_ONE")
print(os.environ["CORPUS_ONE"], flush=True)
os.system(command)
del os.environ["CORPUS_ONE"]
print(os.getenv("CORPUS_ONE", "gone"), flush=True)
print(subprocess.run(["sh", "-c", command], env={}, capture_output=True).stdout)
