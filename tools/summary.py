"""Prints the table of a test run's steps and, alone on the last line, how many tests and checks passed and failed.

Usage: summary.py REPORTS. Reads steps.tsv and the JUnit files of the steps; exits with 1 when anything failed.
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Count:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, other: Count) -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped


def count_file(path: Path) -> Count:
    """The test cases of one JUnit file, as GoogleTest and pytest write it."""
    count = Count()
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            count.failed += 1
        elif case.find("skipped") is not None or case.get("status") == "notrun":
            count.skipped += 1
        else:
            count.passed += 1
    return count


def count_step(folder: Path, code: int) -> Count:
    """What a step counted; a step without reports is one test, and a failed step has at least one failure."""
    count = Count()
    reports = sorted(folder.glob("*.xml"))
    for report in reports:
        try:
            count.add(count_file(report))
        except ElementTree.ParseError:
            count.failed += 1  # the program died while it wrote its report
    if code != 0:
        count.failed = max(count.failed, 1)
    elif not reports:
        count.passed = 1
    return count


def main() -> int:
    reports = Path(sys.argv[1])
    total = Count()
    seconds_total = 0.0
    for line in (reports / "steps.tsv").read_text(encoding="utf-8").splitlines():
        name, seconds, code, title = line.split("\t")
        count = count_step(reports / name, int(code))
        total.add(count)
        seconds_total += float(seconds)
        verdict = "passed" if int(code) == 0 else "FAILED"
        print(f"{float(seconds):8.1f} s  {verdict}  {count.passed + count.failed:5}  {title}")
    print(f"{seconds_total:8.1f} s  in all")
    skipped = f", {total.skipped} skipped" if total.skipped else ""
    print(f"{total.passed} passed, {total.failed} failed{skipped}")
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
