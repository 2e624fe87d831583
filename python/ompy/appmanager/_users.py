"""Who uses a connection at the moment: one reader, writers in turn, and the descriptor closed by the last of them."""

from __future__ import annotations

import _socket
import _thread
import collections

from ompy.appmanager import _channel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Future
    from typing import Deque, Optional, Tuple

_WHAT = "waiting for another writer of the connection"


class Users:
    """Of one socket; threads and event loops alike."""

    def __init__(self, sock: _socket.socket) -> None:
        self._sock = sock
        self._mutex = _thread.allocate_lock()  # of the three facts below
        self._reading = False
        self._writing = False
        self._over = False
        self._turn = _thread.allocate_lock()  # of the writers
        self._waiting: Deque[Tuple[AbstractEventLoop, Future[None]]] = collections.deque()

    def reader_enters(self) -> bool:
        """False when there is one already."""
        with self._mutex:
            if self._reading:
                return False
            self._reading = True
            return True

    def reader_leaves(self) -> None:
        """Lets the next one in."""
        with self._mutex:
            self._reading = False
            self._close_if_last()

    def writer_enters(self, deadline: Optional[float], timeout: Optional[float]) -> None:
        """Waits for its turn; AmTimeoutError at the deadline."""
        while not self._turn.acquire(False):
            left = _channel.left_until(deadline, _WHAT, timeout)
            if self._turn.acquire(True, -1 if left is None else left):
                break
        with self._mutex:
            self._writing = True

    async def writer_enters_async(self, deadline: Optional[float], timeout: Optional[float]) -> None:
        """As writer_enters, on the running loop."""
        while not self._turn.acquire(False):
            await self._next_turn(_channel.left_until(deadline, _WHAT, timeout))
        with self._mutex:
            self._writing = True

    async def _next_turn(self, left: Optional[float]) -> None:
        import asyncio

        loop = asyncio.get_running_loop()
        entry = (loop, loop.create_future())
        self._waiting.append(entry)
        if not self._turn.locked():  # it was released before this one stood in the queue
            self._wake_next()
        timer = None if left is None else loop.call_later(left, _set, entry[1])
        try:
            await entry[1]
        except asyncio.CancelledError:
            if entry not in self._waiting:
                self._wake_next()  # this one's turn is another's
            raise
        finally:
            if timer is not None:
                timer.cancel()
            if entry in self._waiting:
                self._waiting.remove(entry)

    def writer_leaves(self) -> None:
        """Lets the next one in."""
        with self._mutex:
            self._writing = False
            self._close_if_last()
        self._turn.release()
        self._wake_next()

    def _wake_next(self) -> None:
        while self._waiting:
            try:
                loop, turn = self._waiting.popleft()
                loop.call_soon_threadsafe(_set, turn)
            except (IndexError, RuntimeError):  # taken by another thread; a loop that is closed
                continue
            return

    def shut_down(self) -> None:
        """Wakes whoever waits for the socket, and closes it now or when the last one has left."""
        with self._mutex:
            if not self._over:
                self._over = True
                try:
                    self._sock.shutdown(_socket.SHUT_RDWR)
                except OSError:  # the other side was faster
                    pass
            self._close_if_last()

    def _close_if_last(self) -> None:
        if self._over and not self._reading and not self._writing:
            self._sock.close()


def _set(future: Future[None]) -> None:
    if not future.done():
        future.set_result(None)
