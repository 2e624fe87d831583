"""The end of a script."""

print("end")
