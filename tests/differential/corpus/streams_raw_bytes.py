"""Bytes that are no text."""

import os
import sys

sys.stdout.flush()
os.write(1, bytes(range(256)))
os.write(2, b"\xff\xfe\x00 raw\n")
sys.stdout.buffer.write(b"\x80\x81\n")
