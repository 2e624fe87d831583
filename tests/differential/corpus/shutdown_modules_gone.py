"""What is left in a destructor at the end."""

import sys


class Thing:
    def __del__(self):
        print(sys is None, sys and sys.is_finalizing(), "first" in globals())


thing = Thing()
holder = [thing]
del thing
