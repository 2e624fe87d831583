"""What a task in the container tries, and must not get: every attempt names how it was refused."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.support import processes
from tests.support.api import Api, App
from tests.support.attacks import attempted, attempts
from tests.support.code_tasks import hearing, start_code
from tests.support.containers import needs_container
from tests.support.platform import Platform

pytestmark = needs_container

FORBIDDEN = ("EPERM", "EACCES")
READ_ONLY = ("EROFS",)
ABSENT = ("ENOENT", "ESRCH")


# --- files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "expression",
    [
        "write(main)",
        "open(main, 'r+')",
        "write(folder + '/new.py')",
        "os.mkdir(folder + '/new')",
        "os.mkdir('/sources/new')",
        "os.rename(main, folder + '/other.py')",
        "os.rename(folder, '/sources/other')",
        "os.link(main, folder + '/other.py')",
        "os.unlink(main)",
        "os.chmod(main, 0o777)",
        "os.chown(main, os.getuid(), os.getgid())",
        "os.utime(main)",
        "os.truncate(main, 0)",
        "os.symlink('/etc/passwd', folder + '/link.py')",
        "os.setxattr(main, 'user.x', b'x')",
        "os.unlink('/opt/am/python/sitecustomize.py')",
        "write('/opt/am/python/ompy/__init__.py')",
    ],
)
async def test_the_code_is_read_only(api: Api, kit: App, expression: str) -> None:
    prepared = expression.replace("main", "(TASK_PARAMS['applicationPath'] + '/hello.py')")
    prepared = prepared.replace("folder", "TASK_PARAMS['applicationPath']")
    assert await attempted(api, kit, prepared) in READ_ONLY


async def test_the_code_can_be_read(api: Api, kit: App) -> None:
    """The probe itself works: the same paths, read."""
    outcome = await attempted(api, kit, "read(TASK_PARAMS['applicationPath'] + '/hello.py')")
    assert outcome.startswith("succeeded")


@pytest.mark.parametrize(
    "expression",
    [
        "write(os.environ['AM_TASK_FILE'])",
        "os.unlink(os.environ['AM_TASK_FILE'])",
        "os.unlink(os.environ['AM_TASK_SOCKET'])",
        "os.rmdir(os.path.dirname(os.environ['AM_TASK_SOCKET']))",
        "os.mkdir('/run/am/new')",
        "os.rename('/run/am', '/run/other')",
        "os.rmdir('/run/am')",
        "os.listdir('/run/am')",
        "os.rename('/workdirs', '/other')",
        "os.rename('/run', '/other')",
        "write('/proc/1/comm')",
        "write('/proc/self/uid_map', '0 0 1')",
        "write('/proc/self/oom_score_adj', '-1000')",
        "write('/proc/sys/kernel/core_pattern')",
        "write('/proc/sys/net/ipv4/ip_forward', '1')",
        "write('/proc/sysrq-trigger', 'b')",
        "read('/proc/kmsg')",
        "write('/sys/kernel/mm/transparent_hugepage/enabled', 'never')",
        "write('/sys/power/state', 'mem')",
        "os.mkdir('/sys/fs/cgroup/new')",
        "os.mknod('disk', stat.S_IFBLK | 0o600, os.makedev(254, 0))",
        "os.mknod('/dev/disk', stat.S_IFBLK | 0o600, os.makedev(254, 0))",
        "os.mknod('memory', stat.S_IFCHR | 0o600, os.makedev(1, 1))",
        "os.setxattr('.', 'trusted.x', b'x')",
        "os.chown('.', 0, 0)",
        "os.chroot('.')",
    ],
)
async def test_what_is_the_systems_is_not_changed(api: Api, kit: App, expression: str) -> None:
    assert await attempted(api, kit, expression) in (*FORBIDDEN, *READ_ONLY, "EBUSY", "EXDEV", "ENOENT")


async def test_no_file_of_the_platform_is_there(platform: Platform, api: Api, kit: App) -> None:
    """By its path on the machine, and by every way around that /proc offers."""
    own = ("sources", "workdirs", "venvs")
    files = [
        str(path)
        for name in os.listdir(platform.data)
        if name not in own
        for path in [platform.data / name, *(platform.data / name).rglob("*")]
    ]
    assert {f"{platform.data}/secret", f"{platform.data}/manager/am.db"} <= set(files)
    code = """
    for path in params["files"]:
        for way in ("", "/proc/1/root", "/proc/1/cwd", "/proc/self/cwd/../..", "/.."):
            attempt(os.stat, way + path)
    """
    outcomes = await attempts(api, kit, code, files=files)
    assert len(outcomes) == 5 * len(files)
    assert set(outcomes) == {"ENOENT", "EACCES"}


async def test_no_secret_lies_in_the_container(platform: Platform, api: Api, kit: App) -> None:
    """In all that it can read of the processes and of its own folders."""
    secrets = [platform.token, (platform.data / "secret").read_text().strip()]
    code = """
    import pathlib
    def content(path):
        try:
            return pathlib.Path(path).read_bytes()
        except OSError:
            return b""
    paths = [f"/proc/{n}/{f}" for n in os.listdir("/proc") if n.isdigit() for f in ("environ", "cmdline")]
    paths += [str(path) for folder in ("/run", "/etc", "/opt/am", "/home", "/venvs")
              for path in pathlib.Path(folder).rglob("*") if path.is_file()]
    secrets = [secret[::-1].encode() for secret in params["secrets"]]
    say([len(paths), [path for path in paths if any(secret in content(path) for secret in secrets)]])
    """
    # Backwards, so that the search does not find its own parameters.
    [[looked, found]] = await attempts(api, kit, code, secrets=[secret[::-1] for secret in secrets])
    assert looked > 50
    assert found == []


# --- the platform's and other tasks' processes ----------------------------------------------------------------


async def test_platform_processes_are_neither_seen_nor_signalled(platform: Platform, api: Api, kit: App) -> None:
    code = """
    for number in params["numbers"]:
        attempt(os.kill, number, 0)
        attempt(os.kill, number, signal.SIGTERM)
        attempt(os.stat, f"/proc/{number}")
        attempt(os.pidfd_open, number)
        attempt(os.getpriority, os.PRIO_PROCESS, number)
    """
    numbers = [platform.daemon.process_id, platform.manager_pid, platform.hypervisor_pid]
    assert await attempts(api, kit, code, numbers=numbers) == ["ESRCH", "ESRCH", "ENOENT", "ESRCH", "ESRCH"] * 3
    assert {processes.process_state(number) for number in numbers} <= {"R", "S"}


@pytest.mark.parametrize(
    "expression",
    ["os.kill(1, 0)", "os.kill(1, signal.SIGKILL)", "signal.pidfd_send_signal(os.pidfd_open(1), signal.SIGKILL)"]
    + [f"read('/proc/1/{name}')" for name in ("environ", "mem", "maps", "auxv")]
    + [f"os.listdir('/proc/1/{name}')" for name in ("root", "cwd", "fd")]
    + [
        "os.readlink('/proc/1/exe')",
        "os.setpriority(os.PRIO_PROCESS, 1, 19)",
        "resource.prlimit(1, resource.RLIMIT_NOFILE)",
    ],
)
async def test_the_containers_first_process_is_out_of_reach(api: Api, kit: App, expression: str) -> None:
    assert await attempted(api, kit, expression) in FORBIDDEN


@asynccontextmanager
async def victim(api: Api, kit: App) -> AsyncIterator[tuple[str, int]]:
    """Another task that runs: its pid, and its process id in the container. Afterwards it must still be well."""
    code = """
    import os
    say(os.getpid())
    read_json_from_observer()
    """
    pid = await start_code(api, kit, code)
    async with hearing(api, pid) as other:
        process_id = await other.next()
        yield pid, process_id
    await api.call("POST", f"/tasks/{pid}/messages", {"message": "end"})
    task = await api.closed(pid)
    assert (task["outcome"]["kind"], task["outcome"]["exitCode"]) == ("exited", 0), task["outcome"]


OTHERS = {
    "root": "os.listdir('/proc/{}/root')",
    # allow(machine-path): see above
    "environment": "read('/proc/{}/environ')",
    "memory": "read('/proc/{}/mem')",
    "write memory": "open('/proc/{}/mem', 'r+b')",
    "maps": "read('/proc/{}/maps')",
    "descriptors": "os.readlink('/proc/{}/fd/1')",
    "standard output": "write('/proc/{}/fd/1')",
    "current folder": "os.listdir('/proc/{}/cwd')",
    "program": "os.readlink('/proc/{}/exe')",
    "namespaces": "os.readlink('/proc/{}/ns/mnt')",
    "signal 0": "os.kill({}, 0)",
    "SIGTERM": "os.kill({}, signal.SIGTERM)",
    "SIGKILL": "os.kill({}, signal.SIGKILL)",
    "pidfd": "signal.pidfd_send_signal(os.pidfd_open({}), signal.SIGKILL)",
    "group": "os.killpg({}, signal.SIGKILL)",
    "pidfd_getfd": "call(438, os.pidfd_open({}), 1, 0)",
    "process_vm_readv": "call('process_vm_readv', {}, None, 0, None, 0, 0)",
    "ptrace": "call('ptrace', 16, {}, 0, 0)",
    "limits": "resource.prlimit({}, resource.RLIMIT_CORE, (0, 0))",
}


@pytest.mark.parametrize("what", OTHERS)
async def test_another_task_is_not_looked_into_nor_disturbed(api: Api, kit: App, what: str) -> None:
    async with victim(api, kit) as (_, process_id):
        outcome = await attempted(api, kit, OTHERS[what].format(process_id))
    assert outcome in FORBIDDEN


# What is refused of others is possible with a process of one's own.
@pytest.mark.parametrize("what", ["environment", "maps", "descriptors", "current folder", "signal 0"])
async def test_own_processes_can_be_looked_into(api: Api, kit: App, what: str) -> None:
    code = """
    import subprocess
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as child:
        attempt(lambda: eval(params["expression"].format(child.pid)))
        child.kill()
    """
    [outcome] = await attempts(api, kit, code, expression=OTHERS[what])
    assert outcome.startswith("succeeded")


async def test_a_signal_to_everybody_reaches_nobody_else(api: Api, kit: App) -> None:
    async with victim(api, kit):
        code = """
        import subprocess
        child = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
        attempt(os.kill, -1, signal.SIGKILL)
        say(child.wait())
        """
        assert (await attempts(api, kit, code))[-1] == -9  # its own child is hit


async def test_the_socket_of_another_task_is_nowhere_in_the_file_system(api: Api, kit: App) -> None:
    """Nobody can list the folder with all of them."""
    async with victim(api, kit):
        code = """
        found = []
        for folder, _, names in os.walk("/"):
            if not folder.startswith(("/proc", "/sys", "/usr")):
                found += [f"{folder}/{name}" for name in names if stat.S_ISSOCK(os.lstat(f"{folder}/{name}").st_mode)]
        say(found)
        """
        assert await attempts(api, kit, code) == [[]]


async def test_who_knows_the_socket_of_another_task_is_refused(api: Api, kit: App) -> None:
    pid = await start_code(api, kit, "import os; say(os.environ['AM_TASK_SOCKET']); read_json_from_observer()")
    async with hearing(api, pid) as other:
        code = """
        import ompy.appmanager
        os.environ["AM_TASK_SOCKET"] = params["socket"]
        try:
            ompy.appmanager.set_status("from elsewhere")
        except ompy.appmanager.AmError as refusal:
            say(refusal.code)
        """
        assert await attempts(api, kit, code, socket=await other.next()) == ["forbidden"]
    await api.call("POST", f"/tasks/{pid}/messages", {"message": "end"})
    assert not (await api.closed(pid)).get("status")
