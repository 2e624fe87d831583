"""An assertion that fails."""

values = [1, 2]
assert len(values) == 3, f"three values, not {len(values)}"
