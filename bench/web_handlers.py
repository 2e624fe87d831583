"""P6: a web handler `Hello` under wrk, 16 connections, beside gunicorn and uvicorn."""

from bench.harness import Counts, Report, Skipped
from bench.workload import Workload
from tests.support.platform import Platform


def hello(_platform: Platform, _workload: Workload, _counts: Counts) -> Report:
    """Always skipped so far."""
    raise Skipped("the product has no web handlers yet (/app/APPLICATION/PATH)")
