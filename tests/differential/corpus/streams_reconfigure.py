"""Reconfigured streams."""

import sys

sys.stdout.reconfigure(encoding="cp1251", newline="\r\n")
print("привет")
sys.stdout.reconfigure(encoding="utf-16-le", newline="\n")
print("a")
sys.stdout.reconfigure(encoding="ascii", errors="xmlcharrefreplace")
print("é")
print(sys.stdout.encoding, sys.stdout.errors, file=sys.stderr)
