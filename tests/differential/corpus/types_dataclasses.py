"""Data classes."""

import dataclasses
import sys
from typing import ClassVar


@dataclasses.dataclass(frozen=True, order=True, slots=True)
class Entry:
    number: int
    name: "str" = "x"
    values: list[int] = dataclasses.field(default_factory=list, compare=False)
    kind: ClassVar[str] = "entry"


print(Entry(1), Entry(1) < Entry(2), dataclasses.asdict(Entry(1, "y", [2])), Entry.__module__)
print([(field.name, field.type) for field in dataclasses.fields(Entry)])
print(dataclasses.replace(Entry(1), number=5), hasattr(Entry(1), "__dict__"))
print(sys.modules[Entry.__module__].Entry is Entry)
Entry(1).number = 2
