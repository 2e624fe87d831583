"""Nothing below the script on the stack."""

import inspect
import sys
import traceback

print(len(inspect.stack()), len(traceback.extract_stack()), len(list(traceback.walk_stack(sys._getframe()))))
frame = sys._getframe()
print(frame.f_back, frame.f_lasti >= 0, inspect.getframeinfo(frame).function)


def depth():
    return len(inspect.stack())


print(depth(), [depth() for _ in range(1)])
