"""Standard streams that are replaced."""

import contextlib
import io
import sys

buffer = io.StringIO()
with contextlib.redirect_stdout(buffer):
    print("caught")
print(repr(buffer.getvalue()))


class Upper(io.TextIOBase):
    def write(self, text):
        return sys.__stdout__.write(text.upper())


sys.stdout = Upper()
print("in capitals")
sys.stderr = sys.stdout
raise ValueError("printed by the replacement")
