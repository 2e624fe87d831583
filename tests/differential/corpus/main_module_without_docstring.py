import sys

print(__doc__ is None)
print("__annotations__" in globals())
print(sys.modules["__main__"].__doc__)
