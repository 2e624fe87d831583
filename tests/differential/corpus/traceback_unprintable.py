"""An exception that cannot be printed."""


class BadError(Exception):
    def __str__(self):
        raise ValueError("no text")


raise BadError
