"""Prints, as one JSON object, what the script finds around itself."""

import json
import locale
import os
import shutil
import sys

from ompy.appmanager.variables import TASK_PARAMS

print(
    json.dumps(
        {
            "cwd": os.getcwd(),
            "path": sys.path,
            "argv": sys.argv,
            "name": __name__,
            "file": __file__,
            "executable": sys.executable,
            "python": shutil.which("python"),
            "environment": dict(os.environ),
            "params": TASK_PARAMS,
            "stdin": sys.stdin.read(),
            "encodings": [
                sys.stdout.encoding,
                sys.stderr.encoding,
                locale.getpreferredencoding(False),
                sys.getfilesystemencoding(),
            ],
            "descriptors": sorted(int(name) for name in os.listdir("/proc/self/fd") if name.isdigit()),
            "main_keys": sorted(key for key in globals() if key.startswith("__")),
            "modules": sorted(name for name in sys.modules if not name.startswith("_")),
            "version": list(sys.version_info[:3]),
            "nice": os.nice(0),
            "umask": os.umask(0o022),
            "session_leader": os.getsid(0) == os.getpid(),
        }
    )
)
