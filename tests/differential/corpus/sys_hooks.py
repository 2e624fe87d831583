"""The hooks are the default ones."""

import builtins
import sys
import threading

print(sys.excepthook is sys.__excepthook__)
print(sys.displayhook is sys.__displayhook__)
print(sys.unraisablehook is sys.__unraisablehook__)
print(sys.breakpointhook is sys.__breakpointhook__)
print(threading.excepthook.__name__, threading.excepthook is threading.__excepthook__)
print(threading.gettrace(), threading.getprofile())
print(builtins.__import__.__name__, type(builtins.__import__).__name__)
print(builtins.open.__module__, builtins.print.__module__, builtins.input.__module__)
print("_" in vars(builtins))
sys.displayhook([1, 2])
print(builtins._)
sys.displayhook(None)
print(builtins._)
