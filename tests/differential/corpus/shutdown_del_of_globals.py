"""The order in which globals go."""


class Thing:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name, type(print).__name__)


first = Thing("first")
_hidden = Thing("_hidden")
second = Thing("second")
cycle = Thing("cycle")
cycle.itself = cycle
print("end of the script")
