"""Calls of the C library."""

import ctypes
import os
import sys

libc = ctypes.CDLL(None, use_errno=True)
print(libc.getpid() == os.getpid(), libc.strlen(b"four"), libc.abs(-3), libc.getppid() == os.getppid())
print(libc.open(b"/no/such", 0), os.strerror(ctypes.get_errno()))
compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
values = (ctypes.c_int * 4)(3, 1, 4, 1)
libc.qsort(values, 4, ctypes.sizeof(ctypes.c_int), compare(lambda a, b: a[0] - b[0]))
print(list(values))
print(ctypes.pythonapi.Py_IsInitialized(), ctypes.c_int.in_dll(ctypes.pythonapi, "Py_BytesWarningFlag").value)
ctypes.pythonapi.Py_GetVersion.restype = ctypes.c_char_p
print(ctypes.pythonapi.Py_GetVersion().decode() == sys.version)


class Pair(ctypes.Structure):
    _fields_ = [("a", ctypes.c_uint8), ("b", ctypes.c_double)]


print(ctypes.sizeof(Pair), Pair(1, 2.5).b)
