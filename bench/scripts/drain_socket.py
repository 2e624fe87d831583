"""P4's peer: takes so many bytes on a unix socket and then says that it has all. Arguments: path, bytes."""

import socket
import sys

with socket.socket(socket.AF_UNIX) as listener:
    listener.bind(sys.argv[1])
    listener.listen()
    print("ready", flush=True)
    while True:
        connection, _ = listener.accept()
        with connection:
            left = int(sys.argv[2])
            while left > 0:
                data = connection.recv(1 << 18)
                if not data:
                    break
                left -= len(data)
            else:
                connection.sendall(b"all")
                connection.recv(1)
