"""The rest of a stream's methods."""

import io
import sys

sys.stdout.writelines(["a", "b\n"])
print(sys.stdout.write("four\n"), sys.stdout.buffer.writable())
for action in (sys.stdout.read, sys.stdin.buffer.raw.readall, lambda: sys.stdin.write("x"), sys.stdout.truncate):
    try:
        print(action())
    except (OSError, io.UnsupportedOperation) as error:
        print(type(error).__name__, error)
