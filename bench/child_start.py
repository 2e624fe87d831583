"""P3: run_am_script() to its return, and to the child's first byte, beside subprocess.run of the same script."""

import json

from bench.client import KeepAlive
from bench.harness import Comparison, Counts, Report, Samples
from bench.workload import Workload, raw_output
from tests.support.platform import Platform


def children(platform: Platform, workload: Workload, counts: Counts) -> Report:
    """All of it is measured inside of one task."""
    with KeepAlive(platform) as client:
        pid = client.start(workload.app.id, "parent.py", {"runs": counts["runs"], "timeout": -1, "memoryLimit": 400})
        client.follow(pid)
        client.read_to_end()
    measured = json.loads(raw_output(platform, pid).splitlines()[-1])
    returned = Samples("run_am_script() to its return", "ms", measured["returned"])
    first_byte = Samples("run_am_script() to the child's first byte", "ms", measured["firstByte"])
    bare = Samples("subprocess.run([python, child])", "ms", measured["bare"])
    return Report(
        [returned, first_byte, bare],
        [
            Comparison.ratio("return / subprocess.run", returned, bare, "<= 0.05"),
            Comparison.ratio("first byte / subprocess.run", first_byte, bare, "<= 0.20"),
        ],
    )
