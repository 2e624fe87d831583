"""A machine that vanishes without a word while it is connected to tasks."""

import time

import pytest

from tests.support.far_machine import can_be_made, far_machine
from tests.support.platform import running_platform

NOTICED_SEC = 30

# The idle one is only read, the busy one is written to: what is on its way is never acknowledged.
SCRIPT = """
import threading, time
from ompy.appmanager.communication import ConnectionClosed, wait_for_socket_from_web

idle, busy = wait_for_socket_from_web(), wait_for_socket_from_web()
print('connected', flush=True)

def read():
    try:
        idle.sync_read_message()
    except ConnectionClosed:
        print('idle gone', flush=True)

thread = threading.Thread(target=read)
thread.start()
try:
    while True:
        busy.sync_send_text_message('x' * 100)
        time.sleep(0.2)
except ConnectionClosed:
    print('busy gone', flush=True)
thread.join()
"""

CLIENT = """
from websockets.sync.client import connect
with connect({url!r}) as silent, connect({url!r}) as busy:
    print('connected', flush=True)
    for _ in busy:
        pass
"""


@pytest.mark.skipif(not can_be_made(), reason="needs the right to make network namespaces")
async def test_both_a_silent_and_a_busy_connection_end_in_time() -> None:
    with far_machine() as machine, running_platform(listen="0.0.0.0:0") as platform:
        async with platform.api() as api:
            app = await api.create_application("Vanish", {"main.py": SCRIPT})
            pid = await api.start(app)
            url = f"ws://{machine.host}:{platform.resource_port}/{pid}"
            with machine.python(CLIENT.format(url=url)) as said:
                async with api.follow(pid) as output:
                    assert (await output.first())["text"] == "connected\n"
                    assert said.readline() == "connected\n"
                    machine.pull_the_plug()
                    began = time.monotonic()
                    gone = {record["text"] async for record in output if record["stream"] == "stdout"}
                    took = time.monotonic() - began
        print(f"noticed after {took:.1f} s, at most {NOTICED_SEC}")
        assert {line for text in gone for line in text.splitlines()} == {"idle gone", "busy gone"}
        assert took <= NOTICED_SEC
