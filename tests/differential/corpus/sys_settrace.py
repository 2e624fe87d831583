"""A trace function."""

import sys

events = []


def trace(frame, event, arg):
    if frame.f_code.co_filename == __file__:
        events.append((frame.f_code.co_name, event, frame.f_lineno - frame.f_code.co_firstlineno))
    return trace


def work(number):
    if number:
        return number
    return None


sys.settrace(trace)
work(1)
work(0)
sys.settrace(None)
print(events)
