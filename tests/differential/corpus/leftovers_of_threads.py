"""No trace of other threads."""

import _thread
import sys
import threading

print(_thread._count(), threading.enumerate() == [threading.main_thread()], threading._limbo)
print(len(threading._dangling), list(threading._active) == [threading.get_ident()])
print(list(sys._current_frames()) == [threading.get_ident()])
