"""The seed of hashes in children."""

import os
import subprocess
import sys

print("PYTHONHASHSEED" in os.environ, sys.flags.hash_randomization)
text = "import sys; print(hash('corpus'), sys.flags.hash_randomization)"
for seed in ("0", "1"):
    environment = os.environ | {"PYTHONHASHSEED": seed}
    print(subprocess.run([sys.executable, "-c", text], env=environment, capture_output=True, text=True).stdout, end="")
values = {subprocess.run([sys.executable, "-c", text], capture_output=True).stdout for _ in range(3)}
print(len(values) > 1)
print(hash(1.5), hash(10**20), hash(True), hash((1, 2)))
