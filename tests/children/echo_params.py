"""Prints TASK_PARAMS["scriptParams"] as JSON."""

import json

from ompy.appmanager.variables import TASK_PARAMS

print(json.dumps(TASK_PARAMS["scriptParams"], sort_keys=True))
