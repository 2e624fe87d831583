"""Samples with their median and spread, comparisons of them with a target, pairs of measurements."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Self

# What a benchmark is told of how much to do: by name, as in `--set p1.pairs=20`.
Counts = Mapping[str, int]


@dataclass
class Samples:
    """Values of one thing measured again and again."""

    label: str
    unit: str
    values: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """In the unit of the samples."""
        return statistics.median(self.values)

    def quantile(self, share: float) -> float:
        """The value that this share (0 to 1) of the samples does not exceed."""
        ordered = sorted(self.values)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def summary(self) -> str:
        """`median unit (10 % quantile to 90 % quantile, n=count)`; one or two values as they are."""
        if len(self.values) <= 2:
            return f"{', '.join(f'{value:.4g}' for value in self.values)} {self.unit}".rstrip()
        low, high = self.quantile(0.1), self.quantile(0.9)
        return f"{self.median:.4g} {self.unit} ({low:.4g} to {high:.4g}, n={len(self.values)})"


@dataclass
class Comparison:
    """One line of the table: a ratio, or a plain figure with its unit, and what it has to reach."""

    what: str
    value: float
    target: str = ""  # "<= 0.15", ">= 2.0", or empty for a figure without one
    unit: str = ""  # empty for a ratio
    figure: str = ""  # of a ratio: what was divided, with its unit
    beside: str = ""  # by what

    @classmethod
    def ratio(cls, what: str, figure: Samples, beside: Samples, target: str = "") -> Self:
        """Of the medians."""
        return cls(
            what,
            figure.median / beside.median,
            target,
            "",
            f"{figure.median:.4g} {figure.unit}",
            f"{beside.median:.4g} {beside.unit}",
        )

    def reaches(self, value: float) -> bool | None:
        """Whether this value would reach the target; None without one."""
        if not self.target:
            return None
        relation, limit = self.target.split()
        return value <= float(limit) if relation == "<=" else value >= float(limit)

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; None without one."""
        return self.reaches(self.value)


@dataclass
class Report:
    """What a benchmark gives back."""

    samples: list[Samples]
    comparisons: list[Comparison]


class Skipped(Exception):
    """There is nothing to measure, and why."""


def timed(action: Callable[[], object]) -> float:
    """Seconds that the action took."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def nothing() -> None:
    """What comes before a measurement that needs nothing before it."""


def interleaved(
    ours: Callable[[], float],
    theirs: Callable[[], float],
    pairs: int,
    before_each: Callable[[], object] = nothing,
) -> tuple[list[float], list[float]]:
    """Pairs of measurements one after the other, so that both meet the same weather; who is first alternates.

    The values are in the unit that `ours` and `theirs` give.
    """
    first: list[float] = []
    second: list[float] = []
    for number in range(pairs):
        turns = [(ours, first), (theirs, second)]
        for measure, values in turns if number % 2 == 0 else reversed(turns):
            before_each()
            values.append(measure())
    return first, second


def milliseconds(label: str, seconds: list[float]) -> Samples:
    """Samples in ms of values in seconds."""
    return Samples(label, "ms", [value * 1000 for value in seconds])
