"""select, poll, epoll."""

import os
import select
import selectors

reader, writer = os.pipe()
print(select.select([reader], [writer], [], 0) == ([], [writer], []))
os.write(writer, b"x")
poll = select.poll()
poll.register(reader, select.POLLIN)
print(poll.poll(1000) == [(reader, select.POLLIN)])
with select.epoll() as epoll:
    epoll.register(reader, select.EPOLLIN)
    print(epoll.poll(1) == [(reader, select.EPOLLIN)], epoll.fileno() == writer + 1)
print(type(selectors.DefaultSelector()).__name__)
os.close(writer)
os.read(reader, 1)
print(poll.poll(1000) == [(reader, select.POLLHUP)])
