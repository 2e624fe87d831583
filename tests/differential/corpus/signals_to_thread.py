"""A signal for a thread."""

import signal
import threading

seen = []
signal.signal(signal.SIGUSR1, lambda number, frame: seen.append(threading.current_thread() is threading.main_thread()))
ready, end = threading.Event(), threading.Event()


def run():
    ready.set()
    end.wait()


thread = threading.Thread(target=run)
thread.start()
ready.wait()
signal.pthread_kill(thread.ident, signal.SIGUSR1)
end.set()
thread.join()
for _ in range(1000):
    pass
print(seen)
