"""Shared memory, values, pipes, managers."""

import multiprocessing
from multiprocessing import shared_memory


def work(name, value, pipe, lock):
    memory = shared_memory.SharedMemory(name)
    memory.buf[:3] = b"abc"
    memory.close()
    with lock, value.get_lock():
        value.value += 5
    pipe.send({"answer": 42})


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    memory = shared_memory.SharedMemory(create=True, size=16)
    value, lock = context.Value("i", 1), context.Lock()
    one, other = context.Pipe()
    process = context.Process(target=work, args=(memory.name, value, other, lock))
    process.start()
    print(one.recv())
    process.join()
    print(bytes(memory.buf[:3]), value.value)
    memory.close()
    memory.unlink()
