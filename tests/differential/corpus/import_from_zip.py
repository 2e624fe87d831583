"""Modules in an archive."""

import subprocess
import sys
import zipfile

with zipfile.ZipFile("code.zip", "w") as archive:
    archive.writestr("zipped.py", "value = 5\ndef fail():\n    return 1 / 0\n")
    archive.writestr("__main__.py", "import sys\nprint(__name__, sys.argv[0])\n")
sys.path.insert(0, "code.zip")
import zipped

print(zipped.value, type(zipped.__loader__).__name__, zipped.__file__)
print(subprocess.run([sys.executable, "code.zip"], capture_output=True, text=True))
zipped.fail()
