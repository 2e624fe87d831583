"""A profile function."""

import sys

events = []


def profile(frame, event, arg):
    name = arg.__name__ if event.startswith("c_") else frame.f_code.co_name
    events.append((event, name))


def work():
    return len("four")


sys.setprofile(profile)
work()
sys.setprofile(None)
print(events)
