"""Defaults of multiprocessing."""

import multiprocessing
import multiprocessing.spawn
import os
import sys

print(multiprocessing.get_all_start_methods(), multiprocessing.get_start_method(allow_none=True))
print(multiprocessing.current_process(), multiprocessing.current_process().daemon)
print(multiprocessing.parent_process(), len(multiprocessing.current_process().authkey))
print(multiprocessing.cpu_count() == os.cpu_count())
print(multiprocessing.spawn.get_executable() in (sys.executable, os.fsencode(sys.executable)))
print(multiprocessing.get_start_method() in ("fork", "forkserver"))
