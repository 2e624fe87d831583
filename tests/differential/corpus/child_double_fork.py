"""A grandchild that is waited for through a pipe."""

import os

reader, writer = os.pipe()
child = os.fork()
if child == 0:
    if os.fork() == 0:
        os.close(reader)
        os.write(writer, b"grandchild")
    os._exit(0)
os.close(writer)
os.waitpid(child, 0)
print(os.read(reader, 100), os.read(reader, 100))
