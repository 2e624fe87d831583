"""A child of the same interpreter."""

import subprocess
import sys

text = """
import sys
print(sys.argv, sys.orig_argv[1:], sys.flags.hash_randomization, sys.path[0] == "", __name__, __spec__)
print(sorted(name for name in sys.modules if name in ("asyncio", "json", "socket", "_waiting", "multiprocessing")))
sys.exit(3)
"""
done = subprocess.run([sys.executable, "-c", text, "one", "two"], capture_output=True, text=True)
print(done.returncode, done.stdout, done.stderr)
done = subprocess.run([sys.executable, "-"], input="print(__name__, __file__)", capture_output=True, text=True)
print(done.returncode, done.stdout, done.stderr)
done = subprocess.run(
    [sys.executable, "-I", "-S", "-c", "import sys; print(sys.flags)"], capture_output=True, text=True
)
print(done.stdout == "", done.stderr)
same = subprocess.run(
    [sys.executable, "-c", "import sys; print(sys.prefix, sys.version)"], capture_output=True, text=True
)
print(same.stdout == f"{sys.prefix} {sys.version}\n")
