"""The scripts that the benchmarks run, as an application and as plain files beside it."""

import asyncio
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from bench.bare_python import bare_python
from bench.client import KeepAlive
from tests.support.api import App
from tests.support.platform import Platform

SCRIPTS = {
    "hello.py": "print('Hello world!')\n",
    "hello_aiohttp.py": (
        "import asyncio\nimport aiohttp\n\n\nasync def main():\n    print('Hello world!', aiohttp.__version__)\n\n\n"
        "asyncio.run(main())\n"
    ),
    "sleep.py": "import time\n\nprint('asleep')\ntime.sleep(3600)\n",
    "flood.py": (
        "import sys\n\nblock = ''.join(f'{number:063d}\\n' for number in range(1024))\n"
        "for _ in range(1_000_000_000 // len(block)):\n    sys.stdout.write(block)\n"
    ),
    # P3: the child writes to the parent's pipe where it would print, so that the parent sees the moment.
    "parent.py": """
import json, os, subprocess, sys, time
from ompy.appmanager.communication import run_am_script, wait_for_task
from ompy.appmanager.variables import SCRIPT_PARAMS

here = os.path.dirname(os.path.abspath(__file__))
os.mkfifo('first_byte')
fifo = os.path.abspath('first_byte')
pipe = os.open(fifo, os.O_RDWR)
measured = {'returned': [], 'firstByte': [], 'bare': []}
for _ in range(SCRIPT_PARAMS['runs']):
    began = time.perf_counter()
    pid = run_am_script('child.py', {'fifo': fifo})
    measured['returned'].append((time.perf_counter() - began) * 1000)
    os.read(pipe, 1)
    measured['firstByte'].append((time.perf_counter() - began) * 1000)
    wait_for_task(pid)
    began = time.perf_counter()
    subprocess.run([sys.executable, os.path.join(here, 'child.py')], stdout=subprocess.DEVNULL, check=True)
    measured['bare'].append((time.perf_counter() - began) * 1000)
print(json.dumps(measured))
""",
    "child.py": """
import sys
if 'AM_TASK_FILE' in __import__('os').environ:
    from ompy.appmanager.variables import SCRIPT_PARAMS
    if 'fifo' in SCRIPT_PARAMS:
        with open(SCRIPT_PARAMS['fifo'], 'w') as pipe:
            pipe.write('x')
print('Hello world!')
""",
    # P4
    "echo.py": """
from ompy.appmanager.communication import wait_for_socket_from_web
while True:
    with wait_for_socket_from_web() as soc:
        for message in soc:
            soc.sync_send_text_message(message)
""",
    "drain.py": """
from ompy.appmanager.communication import ConnectionClosed, wait_for_socket_from_web
from ompy.appmanager.variables import SCRIPT_PARAMS
while True:
    with wait_for_socket_from_web() as soc:
        left = SCRIPT_PARAMS['bytes']
        while left:
            left -= len(soc.sync_read_binary_message())
        soc.sync_send_binary_message(b'all')
        try:
            soc.sync_read_message()
        except ConnectionClosed:
            pass
""",
    "echo_aiohttp.py": """
from aiohttp import WSMsgType, web

async def echo(request):
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        if message.type == WSMsgType.TEXT:
            await socket.send_str(message.data)
    return socket

async def serve():
    app = web.Application()
    app.router.add_get('/', echo)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, '127.0.0.1', 0)
    await site.start()
    print(site._server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()

import asyncio
asyncio.run(serve())
""",
    "drain_socket.py": """
import socket, sys
with socket.socket(socket.AF_UNIX) as listener:
    listener.bind(sys.argv[1])
    listener.listen()
    print('ready', flush=True)
    while True:
        connection, _ = listener.accept()
        with connection:
            left = int(sys.argv[2])
            while left > 0:
                data = connection.recv(1 << 18)
                if not data:
                    break
                left -= len(data)
            else:
                connection.sendall(b'all')
                connection.recv(1)
""",
    "where.py": "import sys\n\nprint(sys.executable)\n",
}


@dataclass(frozen=True)
class Workload:
    """Where the same scripts are for us and for the peer."""

    app: App
    folder: Path
    python: list[str]  # the interpreter that tasks run on, bare
    environment: dict[str, str]

    def bare(self, script: str) -> list[str]:
        return [*self.python, str(self.folder / script)]

    def first_byte(self, script: str) -> float:
        """Seconds from spawning the bare script to its first byte; its end is waited for, but not counted."""
        began = time.perf_counter()
        with subprocess.Popen(
            self.bare(script), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=self.environment
        ) as process:
            assert process.stdout is not None
            os.read(process.stdout.fileno(), 1)
            took = time.perf_counter() - began
            process.wait()
        return took


def prepare(platform: Platform) -> Workload:
    folder = platform.data.parent / "bare"
    folder.mkdir()
    for name, source in SCRIPTS.items():
        (folder / name).write_text(source)

    async def create() -> App:
        async with platform.api() as api:
            return await api.create_application("Bench", SCRIPTS)

    app = asyncio.run(create())
    with KeepAlive(platform) as client:
        pid = client.start(app.id, "where.py")
        client.follow(pid)
        client.read_to_end()
        python, environment = bare_python(raw_output(platform, pid).strip())
    return Workload(app, folder, python, environment)


def raw_output(platform: Platform, pid: str) -> str:
    async def fetch() -> bytes:
        async with platform.api() as api:
            return await api.raw(pid, "stdout")

    return asyncio.run(fetch()).decode()
