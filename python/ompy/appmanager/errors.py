"""What ompy raises when the platform cannot do what was asked."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Tuple

__all__ = ["AmError", "AmTimeoutError", "ConnectionClosed"]


class AmError(Exception):
    """A request that failed; the text says why.

    ``code`` is one of the words of the platform's API: ``not_found``, ``conflict`` (its state does not allow it),
    ``invalid_argument``, ``gone`` (that task is over), ``too_large``, ``resource_exhausted`` (a limit is reached),
    ``unavailable`` (a part of the platform is away), ``forbidden``, ``internal``; and ``no_task`` outside a task,
    ``timeout``, ``closed`` from the subclasses.
    """

    def __init__(self, message: str, code: str = "internal") -> None:
        super().__init__(message)
        self.code = code


class AmTimeoutError(AmError, TimeoutError):
    """``timeout`` seconds passed before there was a result; ``code`` is ``timeout``."""

    def __init__(self, message: str, code: str = "timeout") -> None:
        super().__init__(message, code)


class ConnectionClosed(AmError):
    """The other side of a :class:`~ompy.appmanager.task_socket.TaskSocket` is gone; ``code`` is ``closed``.

    ``close_code`` is the WebSocket code (1000: done, 1001: it went away, 1006: it ended without a word, 1009: a
    message was too large), ``reason`` its text.
    """

    def __init__(self, close_code: int, reason: str = "") -> None:
        super().__init__(f"the connection is closed ({close_code}{': ' + reason if reason else ''})", "closed")
        self.close_code = close_code
        self.reason = reason

    def __reduce__(self) -> Tuple[type, Tuple[int, str]]:
        # Between processes (multiprocessing), exceptions are made again from their arguments.
        return ConnectionClosed, (self.close_code, self.reason)
