"""One thread, and what it is called."""

import os
import threading

print(os.listdir("/proc/self/task") == [str(os.getpid())])
print(threading.main_thread().native_id == os.getpid() == threading.get_native_id())
with open(f"/proc/self/task/{os.getpid()}/comm") as file:
    print(file.read(), end="")
