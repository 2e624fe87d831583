"""Syntax errors of compiled text."""

import traceback

TEXTS = (
    "a b",
    "if True:\npass",
    "x = (",
    "f(**a, *b)",
    "print 'a'",
    "\tx\n  y",
    "'abc",
    "é = $",
    "1 = x",
    "def f(:",
)
for text in TEXTS:
    try:
        compile(text, "text", "exec")
    except SyntaxError as error:
        print(type(error).__name__, error.msg, error.lineno, error.offset, error.end_lineno, error.end_offset)
        print("".join(traceback.format_exception_only(error)), end="")
