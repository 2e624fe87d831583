"""Characters of two, three and four bytes, each byte in a write of its own with a pause between."""

import os
import time

for one in "Яр→🐍\n".encode():
    os.write(1, bytes([one]))
    time.sleep(0.02)
