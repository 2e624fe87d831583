"""What a task in the container finds and may do."""

import json
import os
import re
import socket
import time
from typing import Any

import pytest

from tests.support.api import Api, App
from tests.support.children import all_children
from tests.support.code_tasks import hearing, run_code, start_code
from tests.support.containers import needs_container
from tests.support.platform import Platform, running_platform

pytestmark = needs_container

SERVE = """
import socket
with socket.create_server((params.get("host", "127.0.0.1"), params.get("port", 0))) as server:
    say(server.getsockname()[1])
    connection, _ = server.accept()
    with connection:
        connection.sendall(b"from inside")
"""
CONNECT = """
import socket
with socket.create_connection(("127.0.0.1", params["port"]), 10) as connection:
    say(connection.makefile().read())
"""


async def only(api: Api, kit: App, code: str, **wanted: Any) -> Any:
    """The one value that the code said."""
    [value] = await run_code(api, kit, code, **wanted)
    return value


async def test_it_is_an_ordinary_user_without_rights(api: Api, kit: App) -> None:
    code = """
    import grp, os, pwd
    lines = open("/proc/self/status").read().splitlines()
    status = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    say({"status": status, "user": pwd.getpwuid(os.getuid()).pw_name, "group": grp.getgrgid(os.getgid()).gr_name,
         "home": os.path.expanduser("~")})
    """
    seen = await only(api, kit, code)
    status = seen["status"]
    for ids in (status["Uid"].split(), status["Gid"].split()):
        assert len(set(ids)) == 1
        assert int(ids[0]) > 65535
    assert status["Groups"] == ""
    assert {status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {"0" * 16}
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
    assert (seen["user"], seen["group"], seen["home"]) == ("task", "task", "/home/task")


async def test_its_paths_are_those_of_the_guide(api: Api, kit: App) -> None:
    code = """
    import os, shutil, sys
    say([TASK_PARAMS, os.getcwd(), sys.prefix, shutil.which("python"), sys.path[0]])
    """
    pid = await start_code(api, kit, code)
    task_params, cwd, prefix, python, first = json.loads((await api.output(pid)).text("stdout"))
    assert task_params["outputPath"] == cwd == f"/workdirs/{pid}"
    assert re.fullmatch(rf"/sources/{kit.name}-[A-Za-z0-9]{{6}}", task_params["applicationPath"])
    assert first == task_params["applicationPath"]
    assert (prefix, python) == ("/venvs/default", "/venvs/default/bin/python")


async def test_host_name(api: Api, kit: App) -> None:
    name, address = await only(
        api, kit, "import socket\nsay([socket.gethostname(), socket.gethostbyname(socket.gethostname())])"
    )
    assert name == socket.gethostname()
    assert address.startswith("127.")


async def test_others_files_are_read_by_pid_also_after_a_restart_and_changes_elsewhere_are_gone() -> None:
    """/workdirs is kept; the rest of the file system is the container's and ends with it."""
    write = """
    open("result.txt", "w").write("kept")
    for path in params["paths"]:
        open(path, "w").write("changed")
    """
    read = """
    import os
    say([open(f"/workdirs/{params['other']}/result.txt").read(), list(filter(os.path.exists, params["paths"]))])
    """
    paths = [f"{folder}/changed" for folder in ("", "/usr/local", "/etc", "/var/lib", "/home/task", "/tmp", "/opt")]
    with running_platform() as own:
        async with own.api() as api:
            kit = await api.create_application("Children", all_children())
            writer = await start_code(api, kit, write, paths=paths)
            assert (await api.closed(writer))["outcome"]["exitCode"] == 0, (await api.output(writer)).text()
            assert await only(api, kit, read, other=writer, paths=paths) == ["kept", paths]
        own.stop()
        own.start()
        async with own.api() as api:
            assert await only(api, kit, read, other=writer, paths=paths) == ["kept", []]
    assert not list(filter(os.path.exists, paths))


@pytest.mark.parametrize("port", [0, 80, 8080, 18563, 65535])
async def test_a_server_on_loopback_is_reached_by_another_task(api: Api, kit: App, port: int) -> None:
    pid = await start_code(api, kit, SERVE, port=port)
    async with hearing(api, pid) as server:
        bound = await server.next()
        assert bound == port or port == 0
        assert await only(api, kit, CONNECT, port=bound) == "from inside"
    assert (await api.closed(pid))["outcome"]["exitCode"] == 0


async def test_subprocesses_and_the_shell(api: Api, kit: App) -> None:
    code = """
    import subprocess, sys
    say([subprocess.run([sys.executable, "-c", "print(6 * 7)"], capture_output=True, text=True).stdout,
         subprocess.check_output("echo $0 | cat", shell=True, text=True)])
    """
    assert await only(api, kit, code) == ["42\n", "/bin/sh\n"]


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
async def test_multiprocessing(api: Api, kit: App, method: str) -> None:
    """With a pool, a queue, a lock and a manager's process."""
    code = """
    import multiprocessing
    def work(number):
        return number * 2
    def put(queue, lock):
        with lock:
            queue.put("from the queue")
    if __name__ == "__main__":
        context = multiprocessing.get_context(params["method"])
        with context.Pool(2) as pool:
            doubled = pool.map(work, range(5))
        queue, lock = context.Queue(), context.Lock()
        process = context.Process(target=put, args=(queue, lock))
        process.start()
        heard = queue.get(timeout=30)
        process.join()
        with context.Manager() as manager:
            shared = manager.list([1])
            shared.append(2)
            say([doubled, heard, process.exitcode, list(shared)])
    """
    assert await only(api, kit, code, method=method, memoryLimit=500) == [[0, 2, 4, 6, 8], "from the queue", 0, [1, 2]]


async def test_threads(api: Api, kit: App) -> None:
    code = """
    import concurrent.futures, threading
    barrier = threading.Barrier(20)
    def work(number):
        barrier.wait(30)
        return number
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        say(sum(pool.map(work, range(20))))
    """
    assert await only(api, kit, code) == sum(range(20))


async def test_temporary_files(api: Api, kit: App) -> None:
    code = """
    import tempfile
    with (tempfile.NamedTemporaryFile() as named, tempfile.TemporaryFile() as nameless,
          tempfile.TemporaryDirectory() as folder):
        named.write(b"x" * 100_000)
        nameless.write(b"y")
        open(f"{folder}/file", "w").close()
        say([tempfile.gettempdir(), named.name.rpartition("/")[0], named.tell()])
    """
    assert await only(api, kit, code) == ["/tmp", "/tmp", 100_000]


async def test_shared_memory(api: Api, kit: App) -> None:
    code = """
    import os
    from multiprocessing import shared_memory
    memory = shared_memory.SharedMemory(create=True, size=1 << 20)
    memory.buf[:4] = b"here"
    other = shared_memory.SharedMemory(memory.name)
    say([bytes(other.buf[:4]).decode(), os.listdir("/dev/shm") == [memory.name.strip("/")]])
    other.close()
    memory.close()
    memory.unlink()
    """
    assert await only(api, kit, code, memoryLimit=200) == ["here", True]


async def test_devices_are_few(api: Api, kit: App) -> None:
    code = """
    import os
    say(sorted(os.listdir("/dev")))
    say([len(os.urandom(8)), open("/dev/zero", "rb").read(2).hex(), open("/dev/null", "w").write("x")])
    try:
        open("/dev/full", "w", buffering=1).write("x\\n")
    except OSError as full:
        say(full.strerror)
    first, second = os.openpty()
    say(os.ttyname(second))
    """
    names, contents, full, terminal = await run_code(api, kit, code)
    assert set(names) == {
        "fd", "full", "mqueue", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout", "tty", "urandom",
        "zero",
    }  # fmt: skip
    assert contents == [8, "0000", 1]
    assert full == "No space left on device"
    assert terminal.startswith("/dev/pts/")


async def test_languages(api: Api, kit: App) -> None:
    code = """
    import datetime, locale
    say(locale.setlocale(locale.LC_ALL, ""))
    locale.setlocale(locale.LC_ALL, "ru_RU.UTF-8")
    say(datetime.date(2026, 3, 1).strftime("%B"))
    """
    assert await run_code(api, kit, code) == [os.environ.get("LC_ALL") or os.environ.get("LANG") or "C.UTF-8", "марта"]


async def test_time_zones(api: Api, kit: App) -> None:
    """The machine's own by default, and every other by name."""
    code = """
    import datetime, os, time, zoneinfo
    zone = zoneinfo.ZoneInfo("Asia/Vladivostok")
    say([datetime.datetime.fromtimestamp(1_700_000_000, zone).isoformat(), time.localtime(1_700_000_000)[:6]])
    """
    assert await only(api, kit, code) == ["2023-11-15T08:13:20+10:00", list(time.localtime(1_700_000_000)[:6])]


async def test_names_of_hosts(api: Api, kit: App) -> None:
    code = """
    import socket
    say(sorted({entry[4][0] for entry in socket.getaddrinfo("localhost", 80)}))
    say(open("/etc/resolv.conf").read())
    """
    addresses, resolver = await run_code(api, kit, code)
    assert "127.0.0.1" in addresses
    assert resolver == "nameserver 10.0.2.3\n"


async def test_it_sees_no_process_of_the_platform(api: Api, kit: App) -> None:
    code = """
    import os
    seen = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            seen[int(name)] = open(f"/proc/{name}/comm").read().strip()
            # A process that begins just now has the name of its starter for a moment.
            while seen[int(name)] == "am-observer":
                seen[int(name)] = open(f"/proc/{name}/comm").read().strip()
        except FileNotFoundError:
            seen.pop(int(name), None)
    say([os.getpid(), seen])
    """
    process_id, seen = await only(api, kit, code)
    assert seen.pop("1") == "am-container"
    assert process_id < 100_000
    assert set(seen.values()) <= {"python", "python3", "sh"}


@pytest.mark.parametrize("how", ["example", "variable"])
async def test_the_bridge_is_on_loopback(api: Api, kit: App, how: str) -> None:
    """An upgrade for this task itself, with the first message through."""
    code = """
    import base64, socket, threading
    port = 18564 if params["how"] == "example" else RESOURCE_SERVER_LOCAL_PORT
    connection = socket.create_connection(("127.0.0.1", port), 10)
    key = base64.b64encode(b"k" * 16).decode()
    connection.sendall((f"GET /{PID} HTTP/1.1\\r\\nHost: localhost\\r\\n"
                        f"Upgrade: websocket\\r\\nConnection: Upgrade\\r\\n"
                        f"Sec-WebSocket-Key: {key}\\r\\nSec-WebSocket-Version: 13\\r\\n\\r\\n").encode())
    connection.sendall(b"\\x81\\x85\\0\\0\\0\\0hello")  # a masked text frame
    soc = wait_for_socket_from_web(timeout=30)
    heard = soc.sync_read_text_message(timeout=30)
    say([connection.recv(4096).split(b"\\r\\n")[0].decode(), heard, port])
    """
    status, heard, _ = await only(api, kit, code, how=how)
    assert (status, heard) == ("HTTP/1.1 101 Switching Protocols", "hello")


async def test_ports_inside_are_the_bridges(platform: Platform, api: Api, kit: App) -> None:
    assert await only(api, kit, "say(int(RESOURCE_SERVER_LOCAL_PORT))") == platform.resource_port


async def test_descriptors_are_only_the_three(api: Api, kit: App) -> None:
    """Of the task itself as of what it starts; one more is the folder that is being listed."""
    code = """
    import os, subprocess, sys
    from textwrap import dedent
    look = '''
    import os
    folder = "/proc/self/fd/"
    print([[int(n), os.readlink(folder + n)] for n in os.listdir(folder) if os.path.lexists(folder + n)])
    '''
    say(eval(subprocess.check_output([sys.executable, "-c", dedent(look)], close_fds=False, text=True)))
    own = [int(n) for n in os.listdir("/proc/self/fd") if os.path.lexists(f"/proc/self/fd/{n}")]
    say(own)
    """
    inherited, own = await run_code(api, kit, code)
    assert [number for number, _ in inherited] == [0, 1, 2]
    assert inherited[0][1] == "/dev/null"
    assert [target.partition(":")[0] for _, target in inherited[1:]] == ["pipe", "pipe"]
    assert own == [0, 1, 2]
