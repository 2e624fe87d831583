"""Child tasks: a task starts, awaits and stops others."""

import asyncio
from typing import Any

import pytest

from tests.support import processes
from tests.support.api import Api, App
from tests.support.code_tasks import hearing, run_code, said_by, start_code
from tests.support.platform import ROOT, Platform, running_platform

MANUAL = ROOT / "examples/Manual"


async def test_the_guides_parent_and_child(api: Api) -> None:
    app = await api.create_application(
        "Parent", {name: (MANUAL / name).read_text() for name in ("parent.py", "child.py")}
    )
    for _ in range(5):
        task, output = await api.run(app, "parent.py")
        assert task["outcome"]["exitCode"] == 0, output.text()
        first, child_pid, last = output.lines()
        assert first == "Запуск дочерней задачи из скрипта child.py с параметрами {}"
        assert last == "Завершение родительской задачи"
        child = await api.closed(child_pid)
        assert child["outcome"] == {"kind": "exited", "exitCode": 0, "signal": None, "message": ""}
        assert child["parentPid"] == task["pid"]
        assert child["startPath"] == "child.py"
        assert child["owner"] == task["owner"]
        assert task["parentPid"] is None
        assert (await api.output(child_pid)).lines() == ["Print from child"]


async def test_a_childs_output_is_in_its_parents_tree(api: Api, kit: App) -> None:
    code = """
        pid = run_am_script('hello.py')
        say(pid)
        wait_for_task(pid)
    """
    pid = await start_code(api, kit, code)
    tree = await api.output(pid, tree=True)
    (child_pid,) = await said_by(api, pid)
    assert [one["text"] for one in tree.records if one["pid"] == child_pid] == ["Hello world!\n"]
    alone = await api.output(pid)
    assert {one["pid"] for one in alone.records} == {pid}


@pytest.mark.parametrize("wait_first", [False, True], ids=["parent waits", "child connects and leaves first"])
async def test_data_exchange_as_in_the_guide(api: Api, kit: App, wait_first: bool) -> None:
    for number in (5, 10, 20):
        task, output = await api.run(kit, "exchange_parent.py", {"factorial": number, "wait_first": wait_first})
        assert task["outcome"]["exitCode"] == 0, output.text()
        results = {5: 120, 10: 3628800, 20: 2432902008176640000}
        expected = ["exited"] if wait_first else []
        assert output.lines() == [*expected, f"received: result is {results[number]}", "parent done"]
        assert output.text("stderr") == ""


async def test_five_exchanges_at_once(api: Api, kit: App) -> None:
    runs = await asyncio.gather(*(api.run(kit, "exchange_parent.py", {"factorial": n}) for n in (1, 2, 3, 4, 5)))
    received = [output.lines()[0] for _, output in runs]
    assert received == [f"received: result is {result}" for result in (1, 2, 6, 24, 120)]


async def test_a_child_outlives_its_parent(api: Api, kit: App) -> None:
    said = await run_code(api, kit, "say(run_am_script('sleep_long.py'))")
    child = await api.task(said[0])
    assert child["state"] in ("queued", "starting", "running")
    async with api.follow(said[0]) as reader:
        await reader.first()
    (process_id,) = processes.of_task(said[0])
    assert processes.process_state(process_id) in "SR"
    await api.stop(said[0])
    assert (await api.closed(said[0]))["outcome"]["kind"] == "stopped"


async def test_params_are_the_childs_own_over_the_general_ones(own_api: Api, own_kit: App) -> None:
    await own_api.call("PUT", "/general-parameters", {"general": 1, "both": "general", "timeout": 77})
    code = """
        pid = run_am_script('echo_params.py', {'both': 'own', 'text': 'Я', 'big': 2**70, 'tenth': 0.1, 'none': None})
        wait_for_task(pid)
        say(pid)
    """
    (pid,) = await run_code(own_api, own_kit, code, mine=True)
    expected = {
        "general": 1, "both": "own", "timeout": 77, "text": "Я", "big": 2**70, "tenth": 0.1, "none": None
    }  # fmt: skip
    assert await said_by(own_api, pid) == [expected]
    task = await own_api.task(pid)
    assert task["limits"]["timeoutSec"] == 77


async def test_a_script_of_another_application_by_id(api: Api, kit: App) -> None:
    other = await api.create_application("Other", {"folder/main.py": "print('from the other')\n"})
    code = "say(run_am_script(params['id']))"
    (pid,) = await run_code(api, kit, code, id=other.scripts["folder/main.py"])
    child = await api.closed(pid)
    assert child["applicationId"] == other.id
    assert (await api.output(pid)).lines() == ["from the other"]


UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
REFUSALS = [
    ("'not_marked.py'", "conflict", ["not_marked.py", "executable"]),
    ("'nowhere.py'", "not_found", ["nowhere.py"]),
    ("'../main.py'", None, ["../main.py"]),
    ("'data.txt'", None, ["data.txt"]),
    ("''", "invalid_argument", ["script", "''"]),
    ("5", "invalid_argument", ["script", "5"]),
    ("'\\ud800.py'", "invalid_argument", ["ud800"]),
    (f"'{UNKNOWN_ID}'", "not_found", [UNKNOWN_ID]),
    ("'main.py', [1]", "invalid_argument", ["params", "list"]),
    ("'main.py', 'x'", "invalid_argument", ["params", "str"]),
    ("'main.py', {'x': float('nan')}", "invalid_argument", ["params"]),
    ("'main.py', {'x': float('inf')}", "invalid_argument", ["params"]),
    ("'main.py', {'x': object()}", "invalid_argument", ["params", "object"]),
    ("'main.py', {'timeout': 0}", "invalid_argument", ["timeout", "0"]),
    ("'main.py', {'timeout': 'soon'}", "invalid_argument", ["timeout", "soon"]),
    ("'main.py', {'memoryLimit': 0}", "invalid_argument", ["memoryLimit", "0"]),
    ("'main.py', {'memoryLimit': -1}", "invalid_argument", ["memoryLimit", "-1"]),
    ("'main.py', {'memoryLimit': None}", "invalid_argument", ["memoryLimit"]),
    ("'main.py', {'x': 'y' * (2 << 20)}", "too_large", ["params", "1048576"]),
]


async def test_what_cannot_start_says_why_in_the_parent(api: Api) -> None:
    calls = "\n".join(f"report({arguments})" for arguments, _, _ in REFUSALS)
    files = {
        "main.py": "from report import report\n" + calls,
        "report.py": (
            "import json\n"
            "from ompy.appmanager.communication import AmError, run_am_script\n"
            "def report(*arguments):\n"
            "    try:\n"
            "        print(json.dumps(['started', run_am_script(*arguments)]))\n"
            "    except AmError as error:\n"
            "        print(json.dumps([error.code, str(error)]))\n"
        ),
        "not_marked.py": "print('never')\n",
        "data.txt": "x",
    }
    app = await api.create_application("Refusals", files, ("main.py",))
    pid = await api.start(app)
    answers: list[tuple[str, str]] = [tuple(one) for one in await said_by(api, pid)]
    for (arguments, code, words), (given, message) in zip(REFUSALS, answers, strict=True):
        assert given != "started", f"run_am_script({arguments}) started {message}"
        assert code in (None, given), f"run_am_script({arguments}): {given}: {message}"
        for word in words:
            assert word in message, f"run_am_script({arguments}): {message}"
    assert [task for task in await api.tasks(applicationId=app.id) if task["parentPid"]] == []


async def test_generations_and_children_are_bounded() -> None:
    environment = {"AM_MAX_CHILD_DEPTH": "2", "AM_MAX_CHILD_TASKS": "3"}
    with running_platform(environment) as platform:
        async with platform.api() as api:
            files = {"main.py": GENERATIONS, "many.py": MANY, "sleep.py": "import time\ntime.sleep(3600)\n"}
            app = await api.create_application("Bounds", files)
            _, output = await api.run(app, "main.py", {"generation": 0})
            assert output.lines() == ["generation 1: exited", "generation 2: exited", "resource_exhausted"]
            assert "AM_MAX_CHILD_DEPTH" in output.text("stderr")
            _, output = await api.run(app, "many.py")
            assert output.lines() == ["3 started", "resource_exhausted", "one more after the end of one"]
            assert "AM_MAX_CHILD_TASKS" in output.text("stderr")


GENERATIONS = """
import sys
from ompy.appmanager.communication import AmError, run_am_script, send_json_to_task, wait_for_task
from ompy.appmanager.observer import read_json_from_observer
from ompy.appmanager.variables import PID, TASK_PARAMS

params = TASK_PARAMS['scriptParams']
generation = params['generation']
first = params.get('first', PID)
try:
    child = run_am_script('main.py', {'generation': generation + 1, 'first': first})
    send_json_to_task(first, f'generation {generation + 1}: {wait_for_task(child).kind}')
except AmError as error:
    send_json_to_task(first, [error.code, str(error)])
if generation == 0:
    told = [read_json_from_observer(10) for _ in range(3)]
    lines = [one for one in told if isinstance(one, str)]
    (code, message), = [one for one in told if not isinstance(one, str)]
    print(*sorted(lines), code, sep='\\n')
    print(message, file=sys.stderr)
"""

MANY = """
import sys
from ompy.appmanager.communication import AmError, run_am_script, stop_task, wait_for_task

pids = [run_am_script('sleep.py') for _ in range(3)]
print(len(pids), 'started')
try:
    run_am_script('sleep.py')
except AmError as error:
    print(error.code)
    print(error, file=sys.stderr)
stop_task(pids[0])
wait_for_task(pids[0])
pids.append(run_am_script('sleep.py'))
print('one more after the end of one')
for pid in pids[1:]:
    assert stop_task(pid)
for pid in pids[1:]:
    wait_for_task(pid)
"""


@pytest.mark.parametrize(
    ("script", "params", "kind", "code"),
    [
        ("hello.py", {}, "exited", 0),
        ("exit_three.py", {}, "exited", 3),
        ("sleep_long.py", {"timeout": 0.3}, "timed_out", None),
        ("segfault.py", {}, "signaled", None),
        ("eat_memory.py", {"mb": 300}, "memory_limit", None),
    ],
)
async def test_wait_for_task_gives_the_outcome(
    api: Api, kit: App, script: str, params: dict[str, Any], kind: str, code: int | None
) -> None:
    said = await run_code(
        api,
        kit,
        """
        child = run_am_script(params['script'], params['given'])
        for _ in range(2):  # the second one of a task that is over already
            outcome = wait_for_task(child)
            say([outcome.kind, outcome.exit_code, outcome.signal, outcome.message, outcome.ok])
        say(child)
        """,
        script=script,
        given=params,
    )
    assert said[0] == said[1]
    assert said[0][0] == kind
    if code is not None:
        assert said[0][1] == code
    assert said[0][4] is (code == 0)
    outcome = (await api.task(said[2]))["outcome"]
    assert said[0][:4] == [outcome["kind"], outcome["exitCode"], outcome["signal"], outcome["message"]]


async def test_stop_task_and_timeouts_of_waiting(api: Api, kit: App) -> None:
    code = """
        import time
        child = run_am_script('sleep_long.py')
        begin = time.monotonic()
        say(refusal(wait_for_task, child, timeout=0.2))
        say(0.2 <= time.monotonic() - begin < 5)
        say(stop_task(child))
        say(wait_for_task(child, timeout=20).kind)
        say(stop_task(child))
        say(refusal(stop_task, params['unknown']))
        say(refusal(wait_for_task, params['unknown']))
        say(refusal(wait_for_task, 'no pid'))
        say(PID)
        say(child)
    """
    said = await run_code(api, kit, code, unknown=UNKNOWN_ID)
    child, pid = said.pop(), said.pop()
    assert said[0][0] == "timeout"
    assert child in said[0][1]
    assert "0.2" in said[0][1]
    assert said[1:5] == [True, True, "stopped", False]
    assert said[5][0] == said[6][0] == "not_found"
    assert UNKNOWN_ID in said[5][1]
    assert UNKNOWN_ID in said[6][1]
    assert said[7][0] in ("not_found", "invalid_argument")
    assert "no pid" in said[7][1]
    assert pid in (await api.task(child))["outcome"]["message"], "who stopped it"


async def test_from_threads_coroutines_a_subprocess_and_after_fork(api: Api, kit: App) -> None:
    code = """
        import asyncio, os, subprocess, sys, threading

        def run(results):
            child = run_am_script('exit_three.py')
            results.append(wait_for_task(child).exit_code)

        results = []
        threads = [threading.Thread(target=run, args=(results,)) for _ in range(8)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        say(results)

        async def one():
            child = await run_am_script_async('exit_three.py')
            return (await wait_for_task_async(child)).exit_code
        async def several():
            return await asyncio.gather(*(one() for _ in range(8)))
        say(asyncio.run(several()))

        program = (
            "from ompy.appmanager.communication import *; from ompy.appmanager.variables import *;"
            "print(wait_for_task(run_am_script('exit_three.py')).exit_code, PID)"
        )
        say(subprocess.check_output([sys.executable, '-c', program], text=True).split() == ['3', PID])

        process = os.fork()
        if process == 0:
            code = wait_for_task(run_am_script('exit_three.py')).exit_code
            os._exit(code + 40)
        say(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
        say(PID)
    """
    said = await run_code(api, kit, code, memoryLimit=300)
    pid = said.pop()
    assert said == [[3] * 8, [3] * 8, True, 43]
    children = [task for task in await api.tasks(applicationId=kit.id, limit=200) if task["parentPid"] == pid]
    assert len(children) == 18


async def test_a_wait_that_is_given_up_leaves_the_child_alone(api: Api, kit: App) -> None:
    code = """
        import asyncio
        child = run_am_script('sleep_long.py')
        async def main():
            waiting = asyncio.ensure_future(wait_for_task_async(child))
            await asyncio.sleep(0.1)
            waiting.cancel()
            try:
                await waiting
            except asyncio.CancelledError:
                say('cancelled')
        asyncio.run(main())
        say(refusal(wait_for_task, child, timeout=0.05)[0])
        say(stop_task(child))
        say(wait_for_task(child).kind)
    """
    assert await run_code(api, kit, code) == ["cancelled", "timeout", True, "stopped"]


async def test_the_platform_stops_with_waiting_parents(own_platform: Platform, own_api: Api, own_kit: App) -> None:
    """am up is ended by the fixture, which looks for what is left."""
    pid = await start_code(own_api, own_kit, "child = run_am_script('sleep_long.py'); say(child); wait_for_task(child)")
    async with hearing(own_api, pid) as task:
        child_pid = await task.next()
    async with own_api.follow(child_pid) as reader:
        await reader.first()
