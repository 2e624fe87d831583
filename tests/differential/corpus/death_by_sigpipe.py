"""Death by SIGPIPE with its default action."""

import os
import signal

signal.signal(signal.SIGPIPE, signal.SIG_DFL)
reader, writer = os.pipe()
os.close(reader)
print("before", flush=True)
os.write(writer, b"text")
