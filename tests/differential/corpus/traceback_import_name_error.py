"""A name that a module lacks."""

from json import no_such_name

print(no_such_name)
