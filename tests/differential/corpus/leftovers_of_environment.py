"""Variables that the platform keeps for itself."""

import os

words = ("LAUNCHER", "SLOT", "WAITING", "ZYGOTE", "FORK", "SECRET", "TOKEN")
print([name for name in os.environ if not name.startswith("AM_") and any(word in name for word in words)])
