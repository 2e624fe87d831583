"""tracemalloc."""

import tracemalloc

print(tracemalloc.is_tracing(), tracemalloc.get_traced_memory(), tracemalloc.get_traceback_limit())
tracemalloc.start(3)
data = [bytes(1000) for _ in range(100)]
found = [entry for entry in tracemalloc.take_snapshot().statistics("lineno") if entry.traceback[0].filename == __file__]
print(found[0].count >= 100, found[0].traceback[0].lineno, found[0].size > 100_000)
print(tracemalloc.get_object_traceback(data[0])[0].lineno)
tracemalloc.stop()
print(tracemalloc.is_tracing())
