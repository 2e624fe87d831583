"""Hints of types."""

import typing
from typing import Generic, NamedTuple, Protocol, TypedDict, TypeVar

T = TypeVar("T")


class Later(Generic[T]):
    value: "Unfinished | None" = None

    def method(self, other: "Later[int]") -> "list[Unfinished]": ...


class Unfinished(NamedTuple):
    a: int
    b: str = "x"


class Keys(TypedDict, total=False):
    key: int


@typing.runtime_checkable
class Sized(Protocol):
    def __len__(self) -> int: ...


print(typing.get_type_hints(Later), typing.get_type_hints(Later.method))
print(Unfinished(1), Keys.__optional_keys__, isinstance([], Sized), typing.get_args(Later[int]), Later[int])
print(typing.get_origin(dict[str, int]), int | None, typing.Optional[int])  # noqa: UP045
