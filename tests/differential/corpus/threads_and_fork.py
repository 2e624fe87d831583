"""A fork while another thread runs."""

import os
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
end = threading.Event()
thread = threading.Thread(target=end.wait)
thread.start()
child = os.fork()
if child == 0:
    print(threading.active_count(), threading.current_thread().name, thread.is_alive(), flush=True)
    os._exit(0)
os.waitpid(child, 0)
print(threading.active_count())
end.set()
thread.join()
