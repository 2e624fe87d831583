"""Run as a module."""

import sys

print(__name__, __spec__.name, __package__ == "", sys.argv[1:])
if __name__ == "__main__":
    sys.exit(11)
