"""What the workers of all task queues do for one hello."""

import subprocess


def function() -> None:
    """In the worker itself."""
    print("Hello world!")


def script(command: list[str], environment: dict[str, str]) -> None:
    """In an interpreter of its own, as each of the platform's tasks."""
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=environment, check=True)
