"""SystemExit in a thread ends the thread."""

import sys
import threading

thread = threading.Thread(target=sys.exit, args=(5,))
thread.start()
thread.join()
print("goes on")
