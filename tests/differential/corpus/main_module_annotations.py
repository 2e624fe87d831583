"""Annotations of the main module."""

number: int = 1
text: str
print(__annotations__)
print("text" in globals())
