"""Cycles with destructors."""

import gc


class Node:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)


gc.collect()
one, other = Node("one"), Node("other")
one.other, other.one = other, one
print(gc.is_tracked(one), any(found is one for found in gc.get_objects()))
del one, other
print(gc.collect() >= 2, gc.garbage)
print(gc.collect(), len(gc.get_stats()))
