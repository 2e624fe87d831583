"""The guide's parent of a data exchange: starts the child and waits for its connection.

params["wait_first"]: waits for the child's end before it listens, so that the child connects and leaves first.
"""

from ompy.appmanager.communication import run_am_script, wait_for_socket_from_web, wait_for_task
from ompy.appmanager.variables import TASK_PARAMS

params = TASK_PARAMS["scriptParams"]
child_pid = run_am_script("exchange_child.py", {"factorial": params["factorial"]})
if params.get("wait_first"):
    print(wait_for_task(child_pid).kind)
soc = wait_for_socket_from_web()
print(f"received: {soc.sync_read_text_message()}")
soc.sync_close()
print("parent done")
