"""Exceptions that are no Exception."""

try:
    raise BaseExceptionGroup("both", [KeyboardInterrupt(), ValueError("v")])
except* ValueError as group:
    print(len(group.exceptions))
