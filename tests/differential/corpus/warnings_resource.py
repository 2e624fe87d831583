"""A file that is not closed."""

import warnings

warnings.simplefilter("always")


def leave():
    open("/dev/null")  # noqa: SIM115


leave()
print("end")
