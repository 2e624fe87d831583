"""match."""


def describe(value):
    match value:
        case {"kind": kind, **rest}:
            return kind, rest
        case [first, *_] if first:
            return "list", first
        case int() | float():
            return "number"
        case str(text):
            return text
    return None


print([describe(value) for value in ({"kind": 1, "x": 2}, [1, 2], [0], 2.5, "text", None)])
