"""Seeking in the standard streams."""

import io
import sys

for stream in (sys.stdout, sys.stderr):
    print(stream.seekable())
    try:
        stream.seek(0)
    except (io.UnsupportedOperation, OSError) as error:
        print(type(error).__name__, error)
