"""A file that is left open."""

import warnings

warnings.simplefilter("always", ResourceWarning)
file = open("left.txt", "w")  # noqa: SIM115
file.write("text that the destructor writes")
print("end")
