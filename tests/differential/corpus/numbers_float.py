"""Floating point."""

import ctypes
import math
import sys

print(0.1 + 0.2, 1e16, 1e-7, 2.5e300 * 1e10, float("nan"), -0.0, round(2.5), round(0.15, 1))
print(sys.float_info, sys.float_repr_style)
print((0.1).hex(), math.fsum([0.1] * 10), math.sin(1e22), f"{1234567.891:,.2f}", math.inf > 10**400)
print(ctypes.CDLL(None).fegetround() if hasattr(ctypes.CDLL(None), "fegetround") else 0)
print(int("9" * 50) ** 2 % 97, 7 // -2, -7 % 3, divmod(-7, 2), (2**70).bit_length())
int("1" * 5000)
