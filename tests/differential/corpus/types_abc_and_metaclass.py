"""Abstract classes and metaclasses."""

import abc
import functools


class Meta(type):
    def __prepare__(name, bases, **named):
        print("prepare", name, named)
        return {}

    def __new__(cls, name, bases, namespace, **named):
        return super().__new__(cls, name, bases, namespace)


class Built(metaclass=Meta, option=1):
    def __init_subclass__(cls, **named):
        print("subclass", cls.__qualname__, named)

    def __set_name__(self, owner, name):
        print("named", name)


class Inner(Built, level=2):
    field = Built()


class Abstract(abc.ABC):
    @abc.abstractmethod
    def method(self): ...


@functools.singledispatch
def show(value):
    return "object"


@show.register
def _(value: int):
    return "int"


print(show(1), show(""), Inner.__mro__)
Abstract()
