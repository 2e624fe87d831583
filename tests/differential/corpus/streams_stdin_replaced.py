"""Standard input that the script replaces."""

import io
import os
import sys

sys.stdin = io.StringIO("first\nsecond\n")
print(input("prompt: "), input())
sys.stdin = sys.__stdin__
reader, writer = os.pipe()
os.write(writer, b"through descriptor 0\n")
os.close(writer)
os.dup2(reader, 0)
print(input())
