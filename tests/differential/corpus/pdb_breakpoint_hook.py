"""The hook of breakpoint()."""

import os
import sys

os.environ["PYTHONBREAKPOINT"] = "0"
print(breakpoint())
os.environ["PYTHONBREAKPOINT"] = "builtins.print"
print(breakpoint("given", sep=""))
os.environ["PYTHONBREAKPOINT"] = "no.such.function"
breakpoint()
sys.breakpointhook = lambda *values: values
print(breakpoint(1, 2))
