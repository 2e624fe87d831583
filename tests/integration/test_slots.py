"""Interpreters that are there before their task: which one a task gets, and whoever of them dies."""

import asyncio
import os
import signal
from pathlib import Path
from textwrap import dedent

import pytest

from tests.support import processes, slots
from tests.support.api import Api, App
from tests.support.code_tasks import run_code
from tests.support.containers import needs_container
from tests.support.platform import Platform, running_platform

pytestmark = needs_container

# In a script without the platform's package: of the pool that has imported nothing beforehand.
SCRIPTS = {
    "parent.py": "import os\nprint(os.getppid())\n",
    "exit.py": "import os, sys\nprint('here')\nsys.exit(int(os.environ['AM_PID'][:1], 16))\n",
    "kill.py": "import os, signal\nprint('here')\nos.kill(os.getpid(), signal.SIGUSR2)\n",
    "wait.py": dedent(
        """
        import os, sys
        os.mkfifo("gate")
        print("waits")
        open("gate").close()  # until somebody opens it for writing
        sys.exit(7)
        """
    ),
    "memory.py": "x = bytearray(60 << 20)\nprint(len(x))\n",
    "too_much.py": "x = bytearray(150 << 20)\nprint(len(x))\n",
    "hash.py": "print(hash('a'))\n",
    "title.py": dedent(
        """
        import os, sys
        print(open("/proc/self/cmdline").read().split("\\0"))
        print(open("/proc/self/comm").read().strip().startswith("python"))
        environment = ["", *(f"{name}={value}" for name, value in os.environ.items())]
        print(sorted(open("/proc/self/environ").read().split("\\0")) == sorted(environment))
        print(sys.argv == [__file__], sys.orig_argv[1:] == [__file__])
        """
    ),
}
CHILD_OF_INIT = "1"
CHILD_FROM_OUTSIDE = "0"


@pytest.fixture
async def plain(api: Api) -> App:
    return await api.create_application("Slots", SCRIPTS)


async def printed(api: Api, app: App, script: str, params: dict[str, object] | None = None) -> str:
    task, output = await api.run(app, script, params)
    assert task["outcome"]["exitCode"] == 0, (task["outcome"], output.text())
    return output.text().strip()


async def waiting_task(api: Api, app: App) -> str:
    """A task that runs until its gate is opened."""
    pid = await api.start(app, "wait.py")
    async with api.follow(pid) as reader:
        await reader.first()
    return pid


def open_gate(data: Path, pid: str) -> None:
    (data / "workdirs" / pid / "gate").open("w").close()


async def test_a_task_is_forked_unless_it_wants_a_cold_start(platform: Platform, api: Api, plain: App) -> None:
    slots.wait_until_filled(platform.data)
    assert await printed(api, plain, "parent.py") == CHILD_OF_INIT
    assert await printed(api, plain, "parent.py", {"coldStart": True}) == CHILD_FROM_OUTSIDE
    assert await printed(api, plain, "parent.py", {"coldStart": False}) == CHILD_OF_INIT
    assert await printed(api, plain, "parent.py", {"text": '"coldStart"'}) == CHILD_OF_INIT


async def test_exit_codes_and_signals_of_forked_tasks(api: Api, plain: App) -> None:
    task, _ = await api.run(plain, "exit.py")
    assert task["outcome"]["exitCode"] == int(task["pid"][:1], 16)
    task, output = await api.run(plain, "kill.py")
    assert (task["outcome"]["kind"], task["outcome"]["signal"]) == ("signaled", signal.SIGUSR2), task["outcome"]
    assert output.text().startswith("here\n")


async def test_memory_is_limited_as_everywhere(api: Api, plain: App) -> None:
    """What the launcher shares with a task is not the task's; what the task takes itself is."""
    limit = {"memoryLimit": 100}
    task, _ = await api.run(plain, "memory.py", limit)
    assert task["outcome"]["exitCode"] == 0, task["outcome"]
    assert 60 <= task["usage"]["memoryPeakMb"] < 100
    task, _ = await api.run(plain, "too_much.py", limit)
    assert task["outcome"]["kind"] == "memory_limit", task["outcome"]


async def test_what_the_system_says_of_the_process(api: Api, plain: App) -> None:
    lines = (await printed(api, plain, "title.py")).splitlines()
    assert lines[0].startswith("['/venvs/default/bin/python', '/sources/") and lines[0].endswith("title.py', '']")
    assert lines[1:] == ["True", "True", "True True"]


async def test_many_at_once_each_get_what_is_theirs(api: Api, kit: App) -> None:
    """More than wait: the rest takes interpreters that are being forked."""

    async def one(number: int) -> None:
        assert await run_code(api, kit, "say(params['number'])", number=number) == [number]

    await asyncio.gather(*[one(number) for number in range(60)])


async def test_modules_of_the_application_come_before_what_is_imported_already(api: Api) -> None:
    app = await api.create_application(
        "Shadows",
        {
            "main.py": "import aiohttp, json, asyncio\nprint(aiohttp.OWN, json.OWN, asyncio.OWN)\n",
            "aiohttp.py": "OWN = 1\n",
            "json/__init__.py": "OWN = 2\n",
            "asyncio.py": "OWN = 3\n",
            "deeper/ompy_user.py": "import ompy\nprint(ompy.OWN)\n",
            "ompy.py": "OWN = 4\n",
        },
    )
    assert await printed(api, app, "main.py") == "1 2 3"
    assert await printed(api, app, "deeper/ompy_user.py") == "4"


async def test_a_launcher_is_replaced_after_a_number_of_forks(api: Api, plain: App) -> None:
    seen = set()
    for _ in range(400):
        seen.add(await printed(api, plain, "hash.py"))
        if len(seen) == 3:
            return
    raise AssertionError(f"400 tasks had {len(seen)} hash seeds")


async def test_the_death_of_the_launchers_costs_nothing(own_platform: Platform, own_api: Api) -> None:
    app = await own_api.create_application("Slots", SCRIPTS)
    slots.wait_until_filled(own_platform.data)
    pid = await waiting_task(own_api, app)
    former = set(slots.names(own_platform.data, launchers=True))
    assert len(former) == 3
    for process_id in slots.launchers_of(own_platform.data):
        processes.kill_and_wait(process_id)
    assert await printed(own_api, app, "parent.py") in (CHILD_OF_INIT, CHILD_FROM_OUTSIDE)
    slots.wait_until_filled(own_platform.data)
    assert not former & set(slots.names(own_platform.data, launchers=True))
    assert len(slots.launchers_of(own_platform.data)) >= len(former)
    open_gate(own_platform.data, pid)
    assert (await own_api.closed(pid))["outcome"]["exitCode"] == 7


async def test_a_launcher_that_hangs_keeps_no_task(own_platform: Platform, own_api: Api) -> None:
    """The pool is used up, and what should be forked does not come: those tasks get interpreters of their own."""
    app = await own_api.create_application("Slots", SCRIPTS)
    slots.wait_until_filled(own_platform.data)
    for process_id in slots.launchers_of(own_platform.data):
        os.kill(process_id, signal.SIGSTOP)
    parents = await asyncio.gather(*[printed(own_api, app, "parent.py") for _ in range(8)])
    assert sorted(parents) == [CHILD_FROM_OUTSIDE] * 4 + [CHILD_OF_INIT] * 4


@pytest.mark.parametrize("of", [slots.waiting_in, slots.observers_of_waiting])
async def test_the_death_of_those_that_wait_costs_nothing(own_platform: Platform, own_api: Api, of: object) -> None:
    assert callable(of)
    app = await own_api.create_application("Slots", SCRIPTS)
    slots.wait_until_filled(own_platform.data)
    former = slots.names(own_platform.data)
    victims = of(own_platform.data)
    assert len(victims) >= 4
    for process_id in victims:
        os.kill(process_id, signal.SIGKILL)
    processes.wait_for_end(victims, 10)
    for _ in range(8):
        assert await printed(own_api, app, "parent.py") in (CHILD_OF_INIT, CHILD_FROM_OUTSIDE)
    slots.wait_until_filled(own_platform.data)
    assert not set(victims) & set(slots.waiting_in(own_platform.data))
    processes.eventually(
        lambda: not [name for name in former if slots.groups_of(own_platform.data, name)], "their groups are gone", 20
    )
    assert not set(former) & set(slots.names(own_platform.data))


async def test_the_end_of_a_task_is_known_whoever_was_away(own_platform: Platform, own_api: Api) -> None:
    """The hypervisor is killed, and with it its launchers; tasks that they have forked end rightly."""
    app = await own_api.create_application("Slots", SCRIPTS)
    slots.wait_until_filled(own_platform.data)
    pid = await waiting_task(own_api, app)
    waiting = [*slots.launchers_of(own_platform.data), *slots.waiting_in(own_platform.data)]
    observers = slots.observers_of_waiting(own_platform.data)
    processes.kill_and_wait(own_platform.hypervisor_pid)
    processes.wait_for_end([*waiting, *observers], 10)
    open_gate(own_platform.data, pid)
    assert (await own_api.closed(pid))["outcome"]["exitCode"] == 7
    slots.wait_until_filled(own_platform.data)


async def test_packages_that_were_installed_are_seen(own_platform: Platform, own_api: Api) -> None:
    app = await own_api.create_application("Slots", SCRIPTS)
    slots.wait_until_filled(own_platform.data)
    former = set(slots.names(own_platform.data, launchers=True))
    packages = own_platform.data / "venvs/default/lib/python3.0/site-packages"
    packages.mkdir(parents=True)
    await printed(own_api, app, "parent.py")
    processes.eventually(
        lambda: bool(former - set(slots.names(own_platform.data, launchers=True))), "a launcher is another one"
    )


async def test_no_slots_at_all() -> None:
    with running_platform(options=["--slots", "0"]) as own:
        async with own.api() as api:
            app = await api.create_application("Slots", SCRIPTS)
            assert await printed(api, app, "parent.py") == CHILD_FROM_OUTSIDE
            assert slots.names(own.data) == slots.names(own.data, launchers=True) == []


async def test_what_waits_stays_within_its_memory() -> None:
    """One of each kind is always there; a second one would take more than is allowed."""
    with running_platform(options=["--slots", "8", "--slots-memory", "1"]) as own:
        async with own.api() as api:
            app = await api.create_application("Slots", SCRIPTS)
            slots.wait_until_filled(own.data, 3)
            for _ in range(5):
                await printed(api, app, "parent.py")
                slots.wait_until_filled(own.data, 3)
                assert len(slots.names(own.data)) <= 4  # the one that was taken may be seen still


async def test_each_environment_imports_its_own_modules_beforehand() -> None:
    known = "import sys\nprint(sorted({'asyn' 'cio', 'frac' 'tions'} & set(sys.modules)))  # "  # names neither
    files = {"own.py": known + "fractions\n", "others.py": known + "asyncio\n"}
    with running_platform(options=["--preload", "asyncio", "--preload", "default=fractions"]) as platform:
        slots.wait_until_filled(platform.data)
        async with platform.api() as api:
            app = await api.create_application("Modules", files)
            assert await printed(api, app, "own.py") == "['fractions']"
            assert await printed(api, app, "others.py") == "[]"


async def test_a_module_that_was_imported_beforehand_changes_no_environment() -> None:
    with running_platform(options=["--preload", "loud"]) as platform:
        async with platform.api() as api:
            version = "import sys\nprint('%d.%d' % sys.version_info[:2])\n"
            script = "import os, sys\nprint('lo' 'ud' in sys.modules, 'LOUD' in os.environ)  # loud\n"
            app = await api.create_application("Loud", {"version.py": version, "loud_or_not.py": script})
            python = f"python{await printed(api, app, 'version.py')}"
            packages = platform.data / "venvs/default/lib" / python / "site-packages"
            packages.mkdir(parents=True)
            (packages / "loud.py").write_text("import os\nos.environ['LOUD'] = '1'\n")
            slots.wait_until_filled(platform.data)
            former = set(slots.names(platform.data, launchers=True))
            (packages / "a_change").touch()
            await printed(api, app, "loud_or_not.py")  # here the hypervisor sees that packages have changed

            def renewed() -> bool:
                return not former <= set(slots.names(platform.data, launchers=True))

            processes.eventually(renewed, "a launcher that has the module", slots.READY_SEC)
            slots.wait_until_filled(platform.data)
            assert await printed(api, app, "loud_or_not.py") == "True False"
