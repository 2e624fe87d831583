"""Fails on every include that the layers of CMakeLists.txt do not allow.

Usage: python3 -m tools.check_layers [ROOT]. Reads the am_layer and am_program lines; a file of src/<layer>/ may
include its own layer, the layers that its line names after USES, and headers of Boost only where a library that
needs it is reachable.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tools.source_files import Finding

_COMMAND = re.compile(r"^\s*(am_layer|am_program)\s*\(\s*([\w-]+)([^)]*)\)", re.MULTILINE)
_INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
_BOOST_LIBRARIES = {"asio", "beast", "json"}
_LOWEST = "base"


@dataclass
class Unit:
    """A layer or a program: what its line in CMakeLists.txt says."""

    name: str
    line: int
    uses: list[str] = field(default_factory=list)
    libraries: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)


def parse_units(text: str) -> tuple[dict[str, Unit], list[Unit]]:
    """The layers by name, and the programs."""
    without_comments = re.sub(r"#[^\n]*", "", text)
    layers: dict[str, Unit] = {}
    programs: list[Unit] = []
    for match in _COMMAND.finditer(without_comments):
        unit = Unit(match.group(2), without_comments.count("\n", 0, match.start(2)) + 1)
        lists = {"USES": unit.uses, "LIBRARIES": unit.libraries, "SOURCES": unit.sources, "STATIC": []}
        current: list[str] = []
        for word in match.group(3).split():
            if word in lists:
                current = lists[word]
            else:
                current.append(word)
        if match.group(1) == "am_layer":
            layers[unit.name] = unit
        else:
            programs.append(unit)
    return layers, programs


def reachable(unit: Unit, layers: dict[str, Unit]) -> set[str]:
    """The layers that a unit reaches through USES, at any distance."""
    seen: set[str] = set()
    waiting = list(unit.uses)
    while waiting:
        name = waiting.pop()
        if name not in seen and name in layers:
            seen.add(name)
            waiting.extend(layers[name].uses)
    return seen


def folders_of_programs(programs: list[Unit]) -> dict[str, list[Unit]]:
    """The programs by the folder of src/ that holds their sources."""
    folders: dict[str, list[Unit]] = {}
    for program in programs:
        for folder in sorted({source.split("/")[1] for source in program.sources if source.startswith("src/")}):
            folders.setdefault(folder, []).append(program)
    return folders


def check_declarations(cmake: Path, layers: dict[str, Unit], programs: list[Unit]) -> Iterator[Finding]:
    """Unknown names, cycles, and a lowest layer that is not the lowest."""
    for unit in [*layers.values(), *programs]:
        for used in unit.uses:
            if used not in layers:
                yield Finding(cmake, unit.line, "layers", f"{unit.name} uses '{used}', which is no layer")
    for layer in layers.values():
        if layer.name in reachable(layer, layers):
            yield Finding(cmake, layer.line, "layers", f"{layer.name} uses itself through {' '.join(layer.uses)}")
    if _LOWEST in layers and layers[_LOWEST].uses:
        uses = " ".join(layers[_LOWEST].uses)
        yield Finding(cmake, layers[_LOWEST].line, "layers", f"{_LOWEST} is the lowest layer and uses {uses}")


def check_file(path: Path, unit: Unit, own_folder: str, layers: dict[str, Unit]) -> Iterator[Finding]:
    """The includes of one file against its unit's line."""
    libraries = set(unit.libraries).union(*(layers[name].libraries for name in reachable(unit, layers)))
    text = path.read_text(encoding="utf-8")
    for match in _INCLUDE.finditer(text):
        kind, header = match.groups()
        line = text.count("\n", 0, match.start(2)) + 1
        if kind == "<":
            if header.startswith("boost/") and not libraries & _BOOST_LIBRARIES:
                yield Finding(path, line, "layers", f"{unit.name} has no Boost, but includes <{header}>")
            continue
        folder, slash, _ = header.partition("/")
        if not slash:
            yield Finding(path, line, "layers", f'write #include "{own_folder}/{header}" instead of "{header}"')
        elif folder != own_folder and folder not in unit.uses:
            allowed = " ".join(unit.uses) or "nothing"
            yield Finding(path, line, "layers", f'{unit.name} may use {allowed}, but includes "{header}"')


def check_tree(root: Path) -> list[Finding]:
    """All findings for the tree at `root`, sorted."""
    cmake = root / "CMakeLists.txt"
    layers, programs = parse_units(cmake.read_text(encoding="utf-8"))
    if not layers:
        return [Finding(cmake, 1, "layers", "no am_layer line found")]
    findings = list(check_declarations(cmake, layers, programs))
    folders = folders_of_programs(programs)
    for path in sorted((root / "src").rglob("*")):
        if path.suffix not in {".cc", ".h"}:
            continue
        source = path.relative_to(root).as_posix()
        folder = path.relative_to(root / "src").parts[0]
        # A program's own file counts as that program's; what its folder shares may use what the first may.
        own = [program for program in folders.get(folder, []) if source in program.sources]
        unit = layers.get(folder) or next(iter(own or folders.get(folder, [])), None)
        if unit is None:
            findings.append(Finding(path, 1, "layers", f"src/{folder} has no am_layer line in CMakeLists.txt"))
        else:
            findings.extend(check_file(path, unit, folder, layers))
    return sorted(findings)


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    findings = check_tree(root)
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
