"""Finds the project's own files and reads C++ text without comments and literals."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_CACHES = {"__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache"}
SKIPPED_FOLDERS = {".git", "build", "node_modules", "dist"} | _CACHES


@dataclass(frozen=True, order=True)
class Finding:
    """One violation, printed as compilers print theirs."""

    path: Path
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


def project_files(root: Path) -> Iterator[Path]:
    """Every file below `root` that the project keeps, without build output and caches."""
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = sorted(set(subfolders) - SKIPPED_FOLDERS)
        for name in sorted(names):
            yield Path(folder) / name


_NOT_CODE = re.compile(
    r"""//[^\n]*
      | /\*.*?\*/
      | R"(?P<delimiter>[^()\s\\]{0,16})\(.*?\)(?P=delimiter)"
      | "(?:\\.|[^"\\\n])*"
      | (?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'
    """,
    re.DOTALL | re.VERBOSE,
)


def _blank(match: re.Match[str]) -> str:
    text = match.group(0)
    quotes = '""' if text.endswith('"') else ""
    return quotes + "\n" * text.count("\n") + " "


def cpp_code(text: str) -> str:
    """C++ text with comments and literals blanked, every line at its place."""
    return _NOT_CODE.sub(_blank, text)


def line_of(text: str, offset: int) -> int:
    """The line number, from 1, of a character offset."""
    return text.count("\n", 0, offset) + 1


def call_arguments(code: str, open_parenthesis: int) -> str:
    """What stands between the parenthesis at this offset and the one that closes it."""
    depth = 0
    for offset in range(open_parenthesis, len(code)):
        if code[offset] == "(":
            depth += 1
        elif code[offset] == ")":
            depth -= 1
            if depth == 0:
                return code[open_parenthesis + 1 : offset]
    return code[open_parenthesis + 1 :]
