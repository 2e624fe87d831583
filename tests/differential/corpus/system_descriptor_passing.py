"""Descriptors sent through a socket."""

import os
import socket

one, other = socket.socketpair(socket.AF_UNIX)
reader, writer = os.pipe()
socket.send_fds(one, [b"descriptor"], [writer])
data, descriptors, _, _ = socket.recv_fds(other, 100, 1)
os.write(descriptors[0], b"through it")
print(data, os.read(reader, 100), descriptors[0] != writer)
