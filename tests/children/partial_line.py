"""A prompt without a line break, flushed, then a long pause."""

import sys
import time

sys.stdout.write("name: ")
sys.stdout.flush()
time.sleep(3600)
