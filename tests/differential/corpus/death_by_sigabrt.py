"""Death by abort."""

import os

print("before", flush=True)
os.abort()
