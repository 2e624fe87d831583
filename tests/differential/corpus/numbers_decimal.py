"""Decimal contexts."""

import decimal
import threading
from fractions import Fraction

print(decimal.getcontext())
decimal.getcontext().prec = 5
print(decimal.Decimal(1) / 7, Fraction(3, 9))
thread = threading.Thread(target=lambda: print(decimal.getcontext().prec))
thread.start()
thread.join()
with decimal.localcontext() as context:
    context.rounding = decimal.ROUND_UP
    print(decimal.Decimal("2.345").quantize(decimal.Decimal("0.01")))
decimal.Decimal(1) / 0
