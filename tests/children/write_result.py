"""Writes params["text"] to result.txt in its own folder; reads the same file of the task params["other"], if given."""

import os

from ompy.appmanager.variables import TASK_PARAMS

params = TASK_PARAMS["scriptParams"]
with open("result.txt", "w", encoding="utf-8") as sink:
    sink.write(params["text"])
if "other" in params:
    own = TASK_PARAMS["outputPath"]
    with open(os.path.join(os.path.dirname(own), params["other"], "result.txt"), encoding="utf-8") as source:
        print(source.read())
print(TASK_PARAMS["outputPath"])
