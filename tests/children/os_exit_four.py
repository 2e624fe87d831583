"""Ends without any clean-up of the interpreter, with exit code 4."""

import os

os._exit(4)
