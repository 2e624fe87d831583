"""The names of __main__ in the order of their definition."""

print(list(globals()))
first = 1
second = 2
print(list(globals()))
