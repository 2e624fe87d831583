"""Standard streams that are None."""

import sys

sys.stdout = None
print("nowhere")
sys.stderr = None
print("nowhere", file=sys.stderr)
sys.stdout = sys.__stdout__
print("here")
raise ValueError("nobody sees it")
