"""Arguments of a script."""

import argparse
import sys

parser = argparse.ArgumentParser(description="Corpus")
parser.add_argument("--number", type=int, default=3, help="a number")
print(parser.parse_args([]), parser.prog, sys.argv[1:])
parser.print_usage()
parser.parse_args(["--number", "many"])
