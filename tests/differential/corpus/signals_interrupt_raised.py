"""KeyboardInterrupt raised by the script."""

import atexit

atexit.register(print, "at exit", flush=True)
raise KeyboardInterrupt
