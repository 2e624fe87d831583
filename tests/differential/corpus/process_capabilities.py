"""Scheduling class and flags of the process."""

import ctypes

libc = ctypes.CDLL(None)
PR_GET_PDEATHSIG, PR_GET_DUMPABLE, PR_GET_KEEPCAPS, PR_GET_CHILD_SUBREAPER = 2, 3, 7, 37
number = ctypes.c_int(-1)
print(libc.prctl(PR_GET_PDEATHSIG, ctypes.byref(number)), number.value)
print(libc.prctl(PR_GET_DUMPABLE), libc.prctl(PR_GET_KEEPCAPS))
print(libc.prctl(PR_GET_CHILD_SUBREAPER, ctypes.byref(number)), number.value)
