"""breakpoint() with input at its end."""

import os

os.environ["HOME"] = os.getcwd()
print("before")
breakpoint()
print("never")
