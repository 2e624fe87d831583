"""faulthandler is off."""

import faulthandler
import re
import tempfile

print(faulthandler.is_enabled())


def work():
    with tempfile.TemporaryFile("w+") as file:
        faulthandler.dump_traceback(file)
        file.seek(0)
        return re.sub("0x[0-9a-f]+", "0x", file.read())


print(work())
faulthandler.enable()
print(faulthandler.is_enabled())
faulthandler.disable()
print(faulthandler.is_enabled())
