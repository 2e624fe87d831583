"""Referrers and referents."""

import gc


class Thing:
    pass


thing = Thing()
holder = [thing]
print(any(found is holder for found in gc.get_referrers(thing)), gc.get_referents(holder) == [thing])
print(any(found is globals() for found in gc.get_referrers(thing)))
