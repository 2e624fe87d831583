"""Functions around a fork."""

import os

os.register_at_fork(
    before=lambda: print("before", flush=True),
    after_in_parent=lambda: print("parent", flush=True) if os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT) else None,
    after_in_child=lambda: print("child", flush=True),
)
child = os.fork()
if child == 0:
    os._exit(0)
os.waitpid(child, 0)
