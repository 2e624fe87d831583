"""One line of params["mb"] megabytes, without a line break until its end."""

import sys

from ompy.appmanager.variables import TASK_PARAMS

size = int(TASK_PARAMS["scriptParams"]["mb"]) * 1024 * 1024
sys.stdout.write("x" * (size - 3) + "end\n")
