"""Runs the Python code in params["code"], with ompy's functions at hand.

`say` prints a value as one line of JSON; `refusal` calls a function that must raise AmError and gives [code, text].
"""

import json

from ompy.appmanager.communication import *
from ompy.appmanager.communication import AmError
from ompy.appmanager.observer import read_json_from_observer, read_json_from_observer_async
from ompy.appmanager.variables import PARENT_PID, PID, RESOURCE_SERVER_LOCAL_PORT, TASK_PARAMS

params = TASK_PARAMS["scriptParams"]


def say(value):
    print(json.dumps(value), flush=True)


def refusal(function, *arguments, **named):
    try:
        result = function(*arguments, **named)
    except AmError as error:
        return [error.code, str(error)]
    raise AssertionError(f"{function.__name__} gave {result!r}")


exec(compile(params["code"], "code", "exec"))
