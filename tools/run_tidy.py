"""Runs clang-tidy over the sources of src/ that changed since they last passed.

Usage: run_tidy.py [--build DIR] [--jobs N] [FILE...]. A file that passes leaves a stamp in build/tidy, named by
the content of the file, of every header of ours that it reaches, of its compile command and of the configuration.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shlex
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TIDY = "clang-tidy-19"
CLANG = "clang++-19"
PCH_SOURCE = ROOT / "cmake" / "asio_pch.h"
_INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def for_clang(command: list[str]) -> list[str]:
    """GCC's command as clang-tidy takes it: without its precompiled header, warnings and output."""
    kept: list[str] = []
    words = iter(command[1:])
    for word in words:
        if word in {"-o", "-MF", "-MT", "-MQ"}:
            next(words)
        elif word == "-include":
            header = next(words)
            if "cmake_pch" not in header:
                kept += [word, header]
        elif word.startswith("-W") or word in {"-c", "-MD", "-MMD", "-Winvalid-pch"}:
            continue
        elif not word.endswith(".cc"):
            kept.append(word)
    return kept


def has_precompiled_header(command: list[str]) -> bool:
    return any("cmake_pch" in word for word in command)


@cache
def own_headers(path: Path) -> frozenset[Path]:
    """The headers below src/ that a file reaches."""
    seen: set[Path] = set()
    waiting = [path]
    while waiting:
        text = waiting.pop().read_text(encoding="utf-8")
        for name in _INCLUDE.findall(text):
            header = ROOT / "src" / name
            if header not in seen and header.is_file():
                seen.add(header)
                waiting.append(header)
    return frozenset(seen)


class Runner:
    """Checks files; keeps stamps and the precompiled headers in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stamps = folder / "stamps"
        self.stamps.mkdir(parents=True, exist_ok=True)
        version = subprocess.run([TIDY, "--version"], check=True, capture_output=True, text=True).stdout
        self.configuration = version + (ROOT / ".clang-tidy").read_text(encoding="utf-8")
        self.precompiled: dict[str, Path] = {}

    def stamp(self, source: Path, arguments: list[str]) -> Path:
        digest = hashlib.sha256()
        digest.update(self.configuration.encode())
        digest.update(" ".join(arguments).replace(str(ROOT), "").encode())
        for path in [source, *sorted(own_headers(source))]:
            digest.update(path.relative_to(ROOT).as_posix().encode())
            digest.update(path.read_bytes())
        return self.stamps / digest.hexdigest()

    def precompile(self, arguments: list[str]) -> None:
        """Clang's own precompiled header for these arguments; Asio is parsed once instead of once a file."""
        key = hashlib.sha256((" ".join(arguments) + self.configuration).encode()).hexdigest()[:16]
        if str(arguments) in self.precompiled:
            return
        target = self.folder / f"asio-{key}.pch"
        # Made anew each time: a distribution's header that changed would make clang refuse it.
        command = [CLANG, *arguments, "-x", "c++-header", str(PCH_SOURCE), "-o", str(target)]
        subprocess.run(command, check=True)
        self.precompiled[str(arguments)] = target

    def check(self, source: Path, arguments: list[str], pch: bool) -> tuple[bool, str, float]:
        """Whether the file passed, what clang-tidy said, and the seconds it took."""
        start = time.monotonic()
        if pch:
            arguments = [*arguments, "-include-pch", str(self.precompiled[str(arguments)])]
        command = [TIDY, "--quiet", f"--config-file={ROOT / '.clang-tidy'}", str(source), "--", *arguments]
        done = subprocess.run(command, capture_output=True, text=True)
        noise = re.compile(r"^\d+ warnings? (generated|treated)|^Suppressed |^Use -header-filter")
        said = [line for line in (done.stdout + done.stderr).splitlines() if not noise.match(line)]
        return done.returncode == 0, "\n".join(said), time.monotonic() - start


def commands_of(build: Path) -> dict[Path, list[str]]:
    """The compile command of each source of src/ that is no test."""
    entries = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    commands = {}
    for entry in entries:
        source = Path(entry["file"])
        if source.is_relative_to(ROOT / "src") and not source.name.endswith("_test.cc"):
            commands[source] = shlex.split(entry["command"])
    return commands


def main() -> int:
    parser = argparse.ArgumentParser(description="clang-tidy over what changed")
    parser.add_argument("--build", type=Path, default=ROOT / "build")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    runner = Runner(ROOT / "build" / "tidy")
    wanted = {path.resolve() for path in options.files}
    waiting = []
    for source, command in sorted(commands_of(options.build).items()):
        arguments = for_clang(command)
        stamp = runner.stamp(source, arguments)
        if (not wanted or source in wanted) and not stamp.exists():
            pch = has_precompiled_header(command)
            waiting.append((source, arguments, pch, stamp))
            if pch:
                runner.precompile(arguments)
    print(f"{len(waiting)} files to check", flush=True)
    failed = 0
    with ThreadPoolExecutor(options.jobs) as pool:
        for (source, _, _, stamp), (passed, said, seconds) in zip(
            waiting, pool.map(lambda item: runner.check(*item[:3]), waiting), strict=True
        ):
            print(f"{seconds:6.1f} s  {source.relative_to(ROOT)}", flush=True)
            if passed:
                stamp.touch()
            else:
                failed += 1
                print(said, flush=True)
    if failed:
        print(f"clang-tidy: {failed} of {len(waiting)} files have findings")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
