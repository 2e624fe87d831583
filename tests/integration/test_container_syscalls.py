"""System calls that a task in the container has no use for are refused, and its limits are not its to raise."""

import platform as machine

import pytest

from tests.support.api import Api, App
from tests.support.attacks import attempted, attempts, with_helpers
from tests.support.code_tasks import start_code
from tests.support.containers import needs_container
from tests.support.platform import Platform

pytestmark = needs_container

# x86-64's numbers. The arguments are such that without the filter the answer would be another than EPERM where
# the kernel lets ordinary users call it at all.
CALLS: dict[str, str] = {
    "mount": "call('mount', b'x', b'/tmp', b'tmpfs', 0, b'')",
    "mount a cgroup": "call('mount', b'x', b'/tmp', b'cgroup2', 0, b'')",
    "bind mount": "call('mount', b'/etc', b'/tmp', b'', 4096, b'')",
    "remount": "call('mount', b'', b'/sources', b'', 32, b'')",
    "umount2": "call('umount2', b'/sources', 2)",
    "pivot_root": "call(155, b'.', b'.')",
    "open_tree": "call(428, -100, b'/', 1)",
    "fsopen": "call(430, b'tmpfs', 0)",
    "mount_setattr": "call(442, -100, b'/', 0, 0, 0)",
    "setns of its own": "call('setns', os.open('/proc/self/ns/net', os.O_RDONLY), 0)",
    "ptrace of itself": "call('ptrace', 0, 0, 0, 0)",
    "process_vm_readv of itself": "call('process_vm_readv', os.getpid(), None, 0, None, 0, 0)",
    "keyctl": "call(250, 0xffff)",
    "add_key": "call(248, b'user', b'x', b'x', 1, -3)",
    "request_key": "call(249, b'user', b'x', None, -3)",
    "bpf": "call(321, 0xffff, None, 0)",
    "perf_event_open": "call(298, None, 0, -1, -1, 0)",
    "userfaultfd": "call(323, 1)",
    "io_uring_setup": "call(425, 0, None)",
    "init_module": "call(175, b'x', 1, b'')",
    "finit_module": "call(313, 0, b'', 0)",
    "delete_module": "call(176, b'x', 0)",
    "kexec_load": "call(246, 0, 0, None, 0)",
    "reboot": "call(169, 0, 0, 0, None)",
    "swapon": "call(167, b'/tmp/x', 0)",
    "acct": "call('acct', None)",
    "syslog": "call(103, 10, None, 0)",
    "settimeofday": "call(164, None, None)",
    "clock_settime": "call(227, 0, None)",
    "sethostname": "call('sethostname', b'x', 1)",
    "personality": "call('personality', 0x0040000)",
    "iopl": "call(172, 3)",
    "open_by_handle_at": "call('open_by_handle_at', -100, None, 0)",
    "quotactl": "call(179, 0, None, 0, None)",
    "setuid": "call('setuid', 0)",
    "setuid of nobody": "call('setuid', 65534)",
    "setgid": "call('setgid', 0)",
    "setresuid": "call('setresuid', 0, 0, 0)",
    "setgroups": "call('setgroups', 1, b'\\0' * 8)",
    "capset": "call(126, (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)(*[1] * 6))",
    "nice": "os.nice(-5)",
    "loopback down": "__import__('fcntl').ioctl(socket.socket(), 0x8914, b'lo' + bytes(14) + b'\\0' * 16)",
    "chmod u+s": "(write('x'), os.chmod('x', 0o4755))",
    "chmod g+s": "(write('x'), os.chmod('x', 0o2755))",
    "fchmod u+s": "(write('x'), os.fchmod(os.open('x', os.O_RDONLY), 0o4755))",
    "fchmodat2 u+s": "(write('x'), call(452, -100, b'x', 0o4755, 0))",
    "packets": "socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)",
    "raw IP": "socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)",
    "raw IPv6": "socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)",
    "vsock": "socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)",
    "kernel crypto": "socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET)",
}
FLAGS = {
    "NEWUSER": 0x10000000, "NEWNS": 0x20000, "NEWPID": 0x20000000, "NEWNET": 0x40000000, "NEWIPC": 0x08000000,
    "NEWUTS": 0x04000000, "NEWCGROUP": 0x02000000, "NEWTIME": 0x80,
}  # fmt: skip
x86_64 = pytest.mark.skipif(machine.machine() != "x86_64", reason="the numbers are those of x86-64")


@x86_64
@pytest.mark.parametrize("name", CALLS)
async def test_system_call_is_refused(api: Api, kit: App, name: str) -> None:
    assert await attempted(api, kit, CALLS[name]) == "EPERM"


@x86_64
@pytest.mark.parametrize("name", FLAGS)
async def test_no_new_namespace(api: Api, kit: App, name: str) -> None:
    """By unshare, and by clone; clone3, whose flags a filter cannot see, is not there at all."""
    code = """
    flag = params["flag"]
    attempt(call, "unshare", flag)
    attempt(call, "unshare", flag | 0x400)  # with CLONE_FILES, that anybody may
    if flag != 0x80:  # of clone's first byte, the signal at the end
        attempt(lambda: call(56, flag | 17, 0, 0, 0, 0) or os._exit(0))
    attempt(call, 435, b"\\0" * 88, 88)
    """
    outcomes = await attempts(api, kit, code, flag=FLAGS[name])
    assert outcomes[-1] == "ENOSYS"
    assert set(outcomes[:-1]) == {"EPERM"}


@x86_64
async def test_the_same_probe_calls_what_is_allowed(api: Api, kit: App) -> None:
    code = """
    say(call(39) == os.getpid())  # getpid
    attempt(call, "unshare", 0x400)
    attempt(lambda: call(56, 17, 0, 0, 0, 0) or os._exit(0))
    attempt(call, "setuid", os.getuid())
    write("x")
    attempt(os.chmod, "x", 0o755)
    attempt(socket.socket, socket.AF_INET, socket.SOCK_DGRAM)
    """
    right, *outcomes = await attempts(api, kit, code)
    assert right is True
    assert len(outcomes) == 5
    assert not [outcome for outcome in outcomes if not outcome.startswith("succeeded")]


@pytest.mark.parametrize(
    "expression",
    ["os.close(os.open('made', os.O_CREAT | os.O_WRONLY, 0o6755))", "os.mknod('made', stat.S_IFREG | 0o6755)"],
)
async def test_no_file_is_made_that_changes_its_user(platform: Platform, api: Api, kit: App, expression: str) -> None:
    pid = await start_code(api, kit, with_helpers(f"os.umask(0)\nattempt(lambda: {expression})"))
    await api.closed(pid)
    made = platform.data / "workdirs" / pid / "made"
    assert not made.exists() or not made.stat().st_mode & 0o6000


async def test_limits_are_not_raised_and_descriptors_end_at_theirs(api: Api, kit: App) -> None:
    code = """
    import resource
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    say([soft, hard])
    attempt(resource.setrlimit, resource.RLIMIT_NOFILE, (hard, hard + 1))
    attempt(resource.prlimit, os.getpid(), resource.RLIMIT_NOFILE, (hard + 1, hard + 1))
    count = 3
    try:
        while count <= 2 * hard:
            os.dup(0)
            count += 1
    except OSError as full:
        say([count, errno.errorcode[full.errno]])
    """
    limits, raised, by_prlimit, full = await attempts(api, kit, code)
    assert limits == [16384, 16384]
    assert raised == "ValueError: not allowed to raise maximum limit"
    assert by_prlimit in ("EPERM", raised)
    assert full == [16384, "EMFILE"]
