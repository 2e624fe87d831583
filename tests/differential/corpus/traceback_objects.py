"""TracebackException and its parts."""

import traceback


def fail():
    local = "value"
    raise ValueError(local)


try:
    fail()
except ValueError as error:
    found = traceback.TracebackException.from_exception(error, capture_locals=True)
    print([(frame.name, frame.lineno, frame.line) for frame in found.stack])
    print(found.stack[1].locals)
    print("".join(traceback.format_exception(error)).count("\n"))
    print(error.with_traceback(None).__traceback__)
