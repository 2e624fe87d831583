"""Samples, their medians and spread, the table and the raw numbers as JSON."""

import json
import os
import platform as machine
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.support.platform import ROOT

RESULTS = ROOT / "build/bench"


@dataclass
class Samples:
    """Values of one thing measured again and again."""

    label: str
    unit: str
    values: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def quantile(self, share: float) -> float:
        ordered = sorted(self.values)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def summary(self) -> str:
        if len(self.values) == 1:
            return f"{self.values[0]:.4g} {self.unit}"
        low, high = self.quantile(0.1), self.quantile(0.9)
        return f"{self.median:.4g} {self.unit} ({low:.4g} to {high:.4g}, n={len(self.values)})"


@dataclass
class Comparison:
    """One line of the table: a figure beside its target."""

    what: str
    figure: float
    target: str  # "<= 0.15", ">= 2.0", or empty for a figure without one
    unit: str = ""

    @property
    def reached(self) -> bool | None:
        if not self.target:
            return None
        relation, value = self.target.split()
        return self.figure <= float(value) if relation == "<=" else self.figure >= float(value)


@dataclass
class Report:
    """What a benchmark gives back."""

    samples: list[Samples]
    comparisons: list[Comparison]


def timed(action: Callable[[], object]) -> float:
    """Seconds that the action took."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def interleaved(ours: Callable[[], float], theirs: Callable[[], float], pairs: int) -> tuple[list[float], list[float]]:
    """Pairs of measurements one after the other, so that both meet the same weather; who is first alternates."""
    first: list[float] = []
    second: list[float] = []
    for number in range(pairs):
        if number % 2 == 0:
            first.append(ours())
            second.append(theirs())
        else:
            second.append(theirs())
            first.append(ours())
    return first, second


def save(name: str, report: Report, took_sec: float) -> Path:
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{name}.json"
    content = {
        "name": name,
        "when": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "tookSec": round(took_sec, 1),
        "machine": {"cores": os.cpu_count(), "kernel": machine.release(), "python": machine.python_version()},
        "samples": [asdict(samples) for samples in report.samples],
        "comparisons": [{**asdict(one), "reached": one.reached} for one in report.comparisons],
    }
    path.write_text(json.dumps(content, indent=1) + "\n")
    return path


def table(reports: Sequence[tuple[str, Report]]) -> str:
    rows = [("bench", "what", "figure", "target", "")]
    for name, report in reports:
        rows += [(name, samples.label, samples.summary(), "", "") for samples in report.samples]
        for one in report.comparisons:
            verdict = {True: "reached", False: "not reached", None: ""}[one.reached]
            rows.append((name, one.what, f"{one.figure:.3g} {one.unit}".rstrip(), one.target, verdict))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
