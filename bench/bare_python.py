"""The interpreter of the tasks, run as plain `python3` on the machine: the peer of most measurements."""

import os
import platform as machine
from pathlib import Path

from tests.support.containers import IMAGE


def bare_python(executable: str) -> tuple[list[str], dict[str, str]]:
    """Command and environment for the interpreter that tasks see as `executable`.

    The one of the image is started by the image's own loader, with the image's libraries: no container around it.
    """
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C.UTF-8"}
    if Path(executable).exists():
        return [executable], environment
    (loader,) = (IMAGE / "usr/lib64").glob("ld-linux-*.so.*")
    libraries = IMAGE / f"usr/lib/{machine.machine()}-linux-gnu"
    command = [str(loader), "--library-path", str(libraries), str(IMAGE / "usr/bin/python3")]
    return command, {**environment, "PYTHONHOME": str(IMAGE / "usr")}
