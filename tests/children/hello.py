"""The smallest task."""

print("Hello world!")
