"""Sockets."""

import socket
import threading

print(socket.getdefaulttimeout())
one, other = socket.socketpair()
one.sendall(b"pair")
print(other.recv(10), one.family.name, one.type.name, one.get_inheritable())
one.close()
print(other.recv(10))
other.close()
with socket.create_server(("127.0.0.1", 0)) as server:
    thread = threading.Thread(target=lambda: server.accept()[0].sendall(b"served"))
    thread.start()
    with socket.create_connection(server.getsockname()) as client:
        print(client.recv(10), client.getpeername() == server.getsockname())
    thread.join()
    address = server.getsockname()
try:
    socket.create_connection(address, timeout=2)
except ConnectionRefusedError as error:
    print(error)
