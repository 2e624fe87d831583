"""Reference counts of own objects."""

import sys

thing = object()
alone = sys.getrefcount(thing)
others = [thing] * 5
print(sys.getrefcount(thing) - alone)
del others
print(sys.getrefcount(thing) - alone)
