"""A nested exception group."""


def fail(number):
    raise ValueError(number)


def collect():
    found = []
    for number in range(3):
        try:
            fail(number)
        except ValueError as error:
            found.append(error)
    inner = ExceptionGroup("inner", [TypeError("t"), KeyError("k")])
    raise ExceptionGroup("outer", [*found, inner])


collect()
