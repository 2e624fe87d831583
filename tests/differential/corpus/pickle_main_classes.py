"""Pickles of classes of the main module."""

import copy
import pickle
import pickletools
import subprocess
import sys
from dataclasses import dataclass


@dataclass
class Point:
    x: int
    y: int


def function():
    return 1


data = pickle.dumps([Point(1, 2), Point, function, len])
print(pickle.loads(data)[0], pickle.loads(data)[1] is Point, pickle.loads(data)[2] is function, b"__main__" in data)
print(copy.deepcopy(Point(3, 4)))
pickletools.dis(pickle.dumps(Point, protocol=2))
text = "import pickle, sys; pickle.load(sys.stdin.buffer)"
done = subprocess.run([sys.executable, "-c", text], input=data, capture_output=True)
print(done.stderr.decode().splitlines()[-1].split(" from ")[0])
try:
    pickle.dumps(lambda: 1)
except (pickle.PicklingError, AttributeError) as error:
    print(type(error).__name__)
