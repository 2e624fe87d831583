"""Handling of a part of a group."""

try:
    raise ExceptionGroup("some", [ValueError(1), TypeError("t"), ValueError(2)])
except* ValueError as group:
    print(group.exceptions)
