"""An exception with a cause."""


def read():
    try:
        int("many")
    except ValueError as error:
        raise RuntimeError("caused") from error


read()
