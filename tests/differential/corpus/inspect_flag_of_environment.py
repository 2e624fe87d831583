"""PYTHONINSPECT set by the script."""

import os

os.environ["PYTHONINSPECT"] = "1"
print("end of the script")
raise ValueError("then the prompt")
