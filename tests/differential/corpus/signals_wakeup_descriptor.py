"""The descriptor that is woken up."""

import signal
import socket

reader, writer = socket.socketpair()
writer.setblocking(False)
print(signal.set_wakeup_fd(writer.fileno()))
signal.signal(signal.SIGUSR1, lambda *_: None)
signal.raise_signal(signal.SIGUSR1)
print(reader.recv(10) == bytes([signal.SIGUSR1]))
print(signal.set_wakeup_fd(-1) == writer.fileno())
reader.close()
writer.close()
