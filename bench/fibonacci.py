"""P9: fibo(10) again and again, each a child task of its own, beside a plain script with subprocess.run."""

import subprocess

from bench.client import KeepAlive
from bench.harness import Comparison, Counts, Report, interleaved, milliseconds
from bench.workload import Workload, raw_output
from tests.support.platform import Platform

WARM_UP_CHILDREN = 5


def children_in_a_row(platform: Platform, workload: Workload, counts: Counts) -> Report:
    """Both sides take the time themselves: before the first child, and after the last one's end."""
    children = counts["children"]
    with KeepAlive(platform) as client:

        def ours(count: int = children) -> float:
            pid = client.start(workload.app.id, "fibo_parent.py", {"children": count, "timeout": -1})
            client.follow(pid)
            client.read_to_end()
            outcome = client.get(f"/api/v1/tasks/{pid}")["outcome"]
            assert outcome["exitCode"] == 0, (outcome, raw_output(platform, pid))
            return float(raw_output(platform, pid))

        def theirs(count: int = children) -> float:
            command = [*workload.bare("fibo_plain.py"), str(count), *workload.bare("fibo.py")]
            said = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=workload.environment, check=True
            )
            return float(said.stdout)

        ours(WARM_UP_CHILDREN)
        theirs(WARM_UP_CHILDREN)
        first, second = interleaved(ours, theirs, counts["pairs"])
        answer = client.get("/api/v1/tasks?limit=1")
    newest = answer["tasks"][0]["pid"] if isinstance(answer, dict) else answer[0]["pid"]
    assert raw_output(platform, newest) == "55\n", raw_output(platform, newest)
    task = milliseconds(f"{children} child tasks in a row, run_am_script and wait_for_task", first)
    bare = milliseconds(f"{children} times subprocess.run in a plain script", second)
    return Report([task, bare], [Comparison.ratio(f"{children} child tasks / {children} bare", task, bare, "<= 0.35")])
