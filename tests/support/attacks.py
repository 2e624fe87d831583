"""A task's attempts at what it must not do: each by itself, and what the kernel said to it."""

from textwrap import dedent
from typing import Any

from tests.support.api import Api, App
from tests.support.code_tasks import run_code

# `attempt(function, …)` says how it went: the name of the error, or what came of it.
HELPERS = """
import ctypes, errno, os, resource, signal, socket, stat

libc = ctypes.CDLL(None, use_errno=True)

def call(function, *arguments):
    # A function of the C library, or a system call by its number.
    if isinstance(function, int):
        function, arguments = "syscall", (function, *arguments)
    libc[function].restype = ctypes.c_long
    result = libc[function](*[ctypes.c_long(one) if isinstance(one, int) else one for one in arguments])
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result

def attempt(function, *arguments):
    try:
        result = function(*arguments)
    except OSError as refusal:
        say(errno.errorcode.get(refusal.errno, repr(refusal)))
    except ValueError as refusal:
        say(f"ValueError: {refusal}")
    else:
        say(f"succeeded: {result!r}")

def read(path):
    with open(path, "rb") as file:
        return file.read(64)

def write(path, content="changed"):
    with open(path, "w") as file:
        file.write(content)

def fetch(host, port):
    with socket.create_connection((host, port), 10) as connection:
        return connection.recv(64).decode()
"""


def with_helpers(code: str) -> str:
    return HELPERS + dedent(code)


async def attempts(api: Api, kit: App, code: str, **params: Any) -> list[Any]:
    """What `code`, with the helpers at hand, said."""
    return await run_code(api, kit, with_helpers(code), **params)


async def attempted(api: Api, kit: App, expression: str, **params: Any) -> str:
    """How one attempt went."""
    [outcome] = await attempts(api, kit, f"attempt(lambda: {expression})", **params)
    return str(outcome)
