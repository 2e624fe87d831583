"""Frames at the module's level."""

import sys

frame = sys._getframe()
print(frame.f_back)
print(frame.f_code.co_name, frame.f_code.co_filename == __file__, frame.f_code.co_firstlineno)
print(frame.f_globals is globals(), frame.f_locals == globals())
print(frame.f_builtins is vars(__builtins__))
print(frame.f_trace, frame.f_trace_lines, frame.f_trace_opcodes)
try:
    sys._getframe(1)
except ValueError as error:
    print(error)


def inner():
    return sys._getframe(1) is frame


print(inner())
print([found is frame for found in sys._current_frames().values()])
print(sys._current_exceptions().values())
