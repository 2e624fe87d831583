"""Callbacks of the collector."""

import gc

seen = []
gc.callbacks.append(lambda phase, info: seen.append((phase, info["generation"])))
gc.collect(1)
gc.callbacks.clear()
print(seen)
gc.disable()
print(gc.isenabled())
gc.freeze()
print(gc.get_freeze_count() > 0)
gc.unfreeze()
print(gc.get_freeze_count())
