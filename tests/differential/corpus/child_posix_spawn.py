"""posix_spawn."""

import os
import sys

sys.stdout.flush()
actions = [(os.POSIX_SPAWN_DUP2, 1, 2)]
child = os.posix_spawn("/bin/sh", ["sh", "-c", "echo spawned >&2; exit 6"], os.environ, file_actions=actions)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print(os.waitstatus_to_exitcode(os.system("exit 3")))
with os.popen("echo popen; exit 2") as pipe:
    print(pipe.read())
