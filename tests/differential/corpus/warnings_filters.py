# ruff: noqa: B028  (the default stack level is a part of the case)
"""Filters of the script."""

import warnings

warnings.simplefilter("ignore")
warnings.warn("ignored")
warnings.resetwarnings()
warnings.simplefilter("always")
for _ in range(2):
    warnings.warn("always")
warnings.filterwarnings("error", "stop.*", UserWarning)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    warnings.warn("recorded")
print([str(found.message) for found in caught])
warnings.warn("stop here")
