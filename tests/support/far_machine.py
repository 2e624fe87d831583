"""Another machine, as far as the network goes: a network namespace at the other end of a cable."""

import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


def can_be_made() -> bool:
    """Whether this process may make network namespaces."""
    name = f"am-probe-{secrets.token_hex(3)}"
    try:
        _ip("netns", "add", name)
        _ip("netns", "del", name)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


@dataclass(frozen=True)
class FarMachine:
    namespace: str
    cable: str
    host: str  # this machine, seen from there

    @contextmanager
    def python(self, code: str) -> Iterator[IO[str]]:
        """Runs this Python there and gives its output; it is killed at the end of the block."""
        command = ["ip", "netns", "exec", self.namespace, sys.executable, "-c", code]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            try:
                yield process.stdout
            finally:
                process.kill()

    def pull_the_plug(self) -> None:
        """From now on no packet arrives in either direction, and nobody is told."""
        _ip("netns", "exec", self.namespace, "ip", "link", "set", self.cable, "down")


@contextmanager
def far_machine() -> Iterator[FarMachine]:
    number = secrets.token_hex(3)
    namespace, near, far = f"am-test-{number}", f"am{number}a", f"am{number}b"
    # A network of its own, should another one not be gone yet.
    network = f"10.77.{secrets.randbelow(254) + 1}"
    _ip("netns", "add", namespace)
    try:
        _ip("link", "add", near, "type", "veth", "peer", "name", far)
        _ip("link", "set", far, "netns", namespace)
        _ip("address", "add", f"{network}.1/24", "dev", near)
        _ip("link", "set", near, "up")
        _ip("netns", "exec", namespace, "ip", "address", "add", f"{network}.2/24", "dev", far)
        _ip("netns", "exec", namespace, "ip", "link", "set", far, "up")
        yield FarMachine(namespace, far, f"{network}.1")
    finally:
        # Both: the namespace goes only with its last process, and the cable with it.
        subprocess.run(["ip", "link", "del", near], check=False, capture_output=True)
        _ip("netns", "del", namespace)
