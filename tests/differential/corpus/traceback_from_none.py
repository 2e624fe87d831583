"""An exception from None."""

try:
    int("many")
except ValueError:
    raise RuntimeError("alone") from None
