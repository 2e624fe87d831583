"""Files with default settings."""

import locale
import os
import pathlib

path = pathlib.Path("text.txt")
with path.open("w") as file:
    print(file.encoding, file.errors, file.newlines, file.line_buffering, file.fileno() >= 3)
    file.write("é\n")
print(path.read_bytes())
print(locale.getpreferredencoding(False), locale.getencoding())
print(oct(path.stat().st_mode), path.stat().st_uid == os.getuid())
