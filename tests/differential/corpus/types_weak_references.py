"""Weak references."""

import weakref


class Thing:
    pass


thing = Thing()
reference = weakref.ref(thing, lambda _: print("gone"))
values = weakref.WeakValueDictionary(key=thing)
keys = weakref.WeakKeyDictionary({thing: 1})
print(reference() is thing, list(values), len(keys), weakref.getweakrefcount(thing) > 1)
proxy = weakref.proxy(thing)
del thing
print(reference(), list(values), len(keys))
try:
    print(proxy.attribute)
except ReferenceError as error:
    print(error)
