"""What is kept and shown of the benchmarks: a JSON file for each, lines for each run, one table at the end."""

import json
import os
import platform as machine
import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bench.harness import Comparison, Counts, Report
from tests.support.platform import ROOT

RESULTS = ROOT / "build/bench"
NONE = "–"


@dataclass
class Run:
    """One run of one benchmark: its report, or why it was skipped."""

    report: Report
    took_sec: float
    skipped: str = ""
    when: str = field(default_factory=lambda: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))


def save(name: str, counts: Counts, runs: Sequence[Run]) -> Path:
    """Writes every sample of every run, and gives the file."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{name}.json"
    content = {
        "name": name,
        "machine": {"cores": os.cpu_count(), "kernel": machine.release(), "python": machine.python_version()},
        "counts": dict(counts),
        "runs": [_run(one) for one in runs],
    }
    path.write_text(json.dumps(content, indent=1) + "\n")
    return path


def _run(run: Run) -> dict[str, object]:
    return {
        "when": run.when,
        "tookSec": round(run.took_sec, 1),
        "skipped": run.skipped or None,
        "samples": [asdict(samples) for samples in run.report.samples],
        "comparisons": [{**asdict(one), "reached": one.reached} for one in run.report.comparisons],
    }


def lines(run: Run) -> list[str]:
    """What one run gave: its samples, then its ratios."""
    if run.skipped:
        return [f"    skipped: {run.skipped}"]
    shown = [(samples.label, samples.summary()) for samples in run.report.samples]
    for one in run.report.comparisons:
        verdict = {True: f", target {one.target}: reached", False: f", target {one.target}: NOT reached", None: ""}
        shown.append((one.what, f"{number(one.value)} {one.unit}".rstrip() + verdict[one.reached]))
    width = max(len(label) for label, _ in shown)
    return [f"    {label.ljust(width)}  {text}" for label, text in shown]


def number(value: float) -> str:
    """Three digits, and all of those before the point."""
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def table(benches: Sequence[tuple[str, Sequence[Run]]]) -> str:
    """A row for each ratio and figure: the median of the runs, and from where to where they went."""
    rows: list[tuple[str, ...]] = [("id", "what", "figure", "beside", "ratio", "target", "reached")]
    for name, runs in benches:
        good = [one for one in runs if not one.skipped]
        if not good:
            rows.append((name, f"skipped: {runs[-1].skipped}", *[NONE] * 5))
            continue
        for comparison in good[-1].report.comparisons:
            same = [one for run in good for one in run.report.comparisons if one.what == comparison.what]
            rows.append((name, *_row(same)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    rows.insert(1, tuple("-" * width for width in widths))
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    )


def _row(same: Sequence[Comparison]) -> tuple[str, str, str, str, str, str]:
    first = same[0]
    values = [one.value for one in same]
    middle = statistics.median(values)
    spread = f"{number(middle)} {first.unit}".rstrip()
    if len(values) > 1:
        spread += f" ({number(min(values))} to {number(max(values))}, n={len(values)})"
    # What was divided, of the run whose ratio lies in the middle.
    typical = min(same, key=lambda one: abs(one.value - middle))
    figures = (spread, NONE, NONE) if first.unit else (typical.figure, typical.beside, spread)
    return first.what, *figures, first.target or NONE, _verdict(same, middle)


def _verdict(same: Sequence[Comparison], middle: float) -> str:
    reached = same[0].reaches(middle)
    if reached is None:
        return NONE
    word = "yes" if reached else "no"
    agree = sum(1 for one in same if one.reached)
    return word if len(same) == 1 else f"{word}, {agree} of {len(same)} runs"
