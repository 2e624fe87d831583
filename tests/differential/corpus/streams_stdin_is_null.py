"""What standard input is."""

import os
import stat

status = os.fstat(0)
print(stat.S_ISCHR(status.st_mode), os.path.samestat(status, os.stat("/dev/null")))
print(os.read(0, 100))
print([os.get_inheritable(number) for number in (0, 1, 2)], [os.get_blocking(number) for number in (0, 1, 2)])
