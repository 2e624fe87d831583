"""Writing into a pipe that nobody reads."""

import os

reader, writer = os.pipe()
os.close(reader)
try:
    os.write(writer, b"text")
except BrokenPipeError as error:
    print(error)
