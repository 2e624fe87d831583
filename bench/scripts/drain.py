import contextlib

from ompy.appmanager.communication import ConnectionClosed, wait_for_socket_from_web
from ompy.appmanager.variables import SCRIPT_PARAMS

while True:
    with wait_for_socket_from_web() as soc:
        left = SCRIPT_PARAMS["bytes"]
        while left:
            left -= len(soc.sync_read_binary_message())
        soc.sync_send_binary_message(b"all")
        with contextlib.suppress(ConnectionClosed):
            soc.sync_read_message()
