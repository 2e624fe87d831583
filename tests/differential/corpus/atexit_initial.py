"""No function is registered before the script."""

import atexit

print(atexit._ncallbacks())
