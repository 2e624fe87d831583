"""What is registered for the exit."""

import atexit
import threading

atexit.register(print, "of the script")
print(threading._threading_atexits)
