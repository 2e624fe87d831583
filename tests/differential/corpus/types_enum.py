"""Enumerations."""

import enum


class Color(enum.Enum):
    RED = enum.auto()
    GREEN = enum.auto()
    CRIMSON = 1


class Rights(enum.Flag):
    READ = 1
    WRITE = 2


class Name(enum.StrEnum):
    FIRST = enum.auto()


print(list(Color), Color.CRIMSON, Color(2), Color["RED"] is Color.RED, repr(Color.RED))
print(Rights.READ | Rights.WRITE, Name.FIRST, f"{Name.FIRST:>8}", Color.__members__)
print(Color(7))
