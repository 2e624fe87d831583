"""Files of objects."""

import dbm.dumb
import marshal
import shelve

with dbm.dumb.open("store", "c") as store:
    store["key"] = "value"
    print(store["key"])
with shelve.Shelf(dbm.dumb.open("shelf", "c")) as shelf:
    shelf["a"] = {1, 2}
    print(shelf["a"])
print(marshal.loads(marshal.dumps([1, "x", b"y"])))
