# ruff: noqa: B028  (the default stack level is a part of the case)
"""Warnings and their filters at the start."""

import warnings

for entry in warnings.filters:
    print(entry[0], entry[1], entry[2].__name__, entry[3], entry[4])
warnings.warn("shown in __main__", DeprecationWarning)
warnings.warn("shown", UserWarning)
warnings.warn("hidden", ImportWarning)
warnings.warn("hidden", PendingDeprecationWarning)
for _ in range(2):
    warnings.warn("shown once for this line", RuntimeWarning)
print(warnings.showwarning.__module__, warnings.formatwarning.__module__)
