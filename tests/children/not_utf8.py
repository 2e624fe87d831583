"""Bytes that are no UTF-8: invalid ones, a NUL, a surrogate, a character cut off at the end."""

import os

os.write(1, b"a\xff\xfe\x00b\n\xed\xa0\x80c\n\xc3\x28d\ncut \xd0")
