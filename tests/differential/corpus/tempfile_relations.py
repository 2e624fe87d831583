"""Temporary files."""

import os
import stat
import tempfile

with tempfile.TemporaryDirectory() as folder:
    print(os.path.dirname(folder) == tempfile.gettempdir(), stat.filemode(os.stat(folder).st_mode))
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".txt") as file:
        print(os.path.basename(file.name).startswith(tempfile.gettempprefix()), file.name.endswith(".txt"))
        print(stat.filemode(os.stat(file.name).st_mode), os.get_inheritable(file.fileno()))
    print(os.listdir(folder))
print(os.path.exists(folder))
print(tempfile.mktemp() == tempfile.mktemp(), tempfile.tempdir == tempfile.gettempdir())
with tempfile.SpooledTemporaryFile(max_size=10) as spooled:
    spooled.write(b"short")
    print(spooled._rolled)
