"""Many threads one after another and together."""

import threading

total = 0
lock = threading.Lock()


def add():
    global total
    with lock:
        total += 1


for _ in range(50):
    thread = threading.Thread(target=add)
    thread.start()
    thread.join()
threads = [threading.Thread(target=add) for _ in range(50)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(total, threading.active_count(), threads[-1].name)
