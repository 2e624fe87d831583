"""The flags of the interpreter."""

import sys

for name in (
    "debug",
    "inspect",
    "interactive",
    "optimize",
    "no_user_site",
    "no_site",
    "ignore_environment",
    "verbose",
    "bytes_warning",
    "quiet",
    "hash_randomization",
    "isolated",
    "dev_mode",
    "utf8_mode",
    "safe_path",
):
    print(name, getattr(sys.flags, name))
print(sys.flags.int_max_str_digits, sys.get_int_max_str_digits())
print(sys.warnoptions, sys._xoptions)
print(__debug__)
