"""Random numbers differ, seeded ones are equal."""

import os
import random
import subprocess
import sys

text = "import random, os, uuid; print(random.random(), os.urandom(4), uuid.uuid4())"
outputs = {subprocess.run([sys.executable, "-c", text], capture_output=True).stdout for _ in range(2)}
print(len(outputs))
reader, writer = os.pipe()
for _ in range(2):
    child = os.fork()
    if child == 0:
        os.write(writer, b"%.17f\n" % random.random())
        os._exit(0)
    os.waitpid(child, 0)
print(len(set(os.read(reader, 1000).split())))
random.seed(12345)
print(random.random(), random.randrange(1000), random.sample(range(50), 5), random.gauss(0, 1))
print(random.Random("text").random(), 0 <= random.SystemRandom().random() < 1)
print(random.Random(1).choices("abc", k=5), len(random.getstate()))
