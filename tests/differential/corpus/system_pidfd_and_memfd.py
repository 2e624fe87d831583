"""Descriptors of newer kernels."""

import os
import signal

child = os.fork()
if child == 0:
    signal.pause()
descriptor = os.pidfd_open(child)
signal.pidfd_send_signal(descriptor, signal.SIGTERM)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
memory = os.memfd_create("corpus")
os.write(memory, b"in memory")
print(os.pread(memory, 100, 3), os.readlink(f"/proc/self/fd/{memory}"))
event = os.eventfd(3)
print(os.eventfd_read(event))
