"""spawn without the guard fails in the child."""

import multiprocessing
import sys

if multiprocessing.parent_process() is not None:
    sys.stderr = None
context = multiprocessing.get_context("spawn")
try:
    process = context.Process(target=print)
    process.start()
    process.join()
    print(process.exitcode)
except RuntimeError as error:
    sys.exit(1 if "bootstrapping" in str(error) else 2)
