"""The auxiliary vector names the script's interpreter."""

import ctypes
import os
import sys

libc = ctypes.CDLL(None)
libc.getauxval.restype = ctypes.c_ulong
AT_PAGESZ, AT_UID, AT_SECURE, AT_EXECFN = 6, 11, 23, 31
print(libc.getauxval(AT_PAGESZ) == os.sysconf("SC_PAGESIZE"), libc.getauxval(AT_UID) == os.getuid())
print(libc.getauxval(AT_SECURE))
name = ctypes.string_at(libc.getauxval(AT_EXECFN)).decode()
print(os.path.samefile(name, sys.executable))
