"""Names of the main module can go."""

del globals()["__file__"]
try:
    print(__file__)
except NameError as error:
    print(error)
del __doc__
print("__doc__" in globals())
print(1 / 0)
