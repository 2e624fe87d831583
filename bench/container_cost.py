"""What the task container costs at a task's start: the machine's own Python without it, in it, and isolated."""

import subprocess
from contextlib import ExitStack

from bench.client import KeepAlive
from bench.harness import Comparison, Counts, Report, Samples
from bench.platforms import fresh_platform
from bench.start_latency import first_byte
from bench.workload import Workload, prepare
from tests.support.platform import Platform

# The root filesystem of the machine as the image, so that the interpreter is the same.
PLACES = {
    "without a container": ["--image", "none"],
    "in the container": ["--image", "/"],
    "isolated": ["--image", "/", "--isolation", "isolated"],
}


def use_plain_environment(platform: Platform) -> None:
    """Makes the environment over the machine's own interpreter that the container has, too."""
    environment = platform.data / "venvs/default"
    environment.unlink()
    subprocess.run(
        ["/usr/bin/python3", "-m", "venv", "--without-pip", "--system-site-packages", str(environment)], check=True
    )


def start(_platform: Platform, _workload: Workload, counts: Counts) -> Report:
    """Starts on three platforms in turn; the differences are those of one machine at one time."""
    samples = {name: Samples(f"hello.py {name}: POST to first byte", "ms") for name in PLACES}
    with ExitStack() as stack:
        runs = {}
        for name, options in PLACES.items():
            own = stack.enter_context(fresh_platform(options=options))
            if name == "without a container":
                use_plain_environment(own)
            runs[name] = (stack.enter_context(KeepAlive(own)), stack.enter_context(KeepAlive(own)), prepare(own))
        for number in range(-5, counts["rounds"]):  # the first ones warm up
            for name, (starter, reader, workload) in runs.items():
                took = first_byte(starter, reader, workload, "hello.py") * 1000
                if number >= 0:
                    samples[name].values.append(took)
    without, inside, isolated = samples.values()
    return Report(
        [without, inside, isolated],
        [
            Comparison("container: what it adds to a start", inside.median - without.median, "<= 1", "ms"),
            Comparison("isolated: what it adds to a start", isolated.median - without.median, unit="ms"),
        ],
    )
