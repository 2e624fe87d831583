"""The depth in a thread."""

import threading

depths = []


def run():
    def deeper(number):
        depths.append(number)
        deeper(number + 1)

    try:
        deeper(0)
    except RecursionError as error:
        print(error)


thread = threading.Thread(target=run)
thread.start()
thread.join()
print(len(depths))
