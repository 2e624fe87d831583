"""Each house rule finds what breaks it and leaves alone what does not."""

from pathlib import Path

import pytest

from tools.check_rules import MAX_LINES, MAX_TEST_LINES, check_file


def rules(root: Path, name: str, text: str) -> list[str]:
    """The findings for one file as "line rule"."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return [f"{finding.line} {finding.rule}" for finding in check_file(path, name)]


@pytest.mark.parametrize("line", ["close(fd);", "::close(fd);", "if (bad) close(fd);", "return close(fd);"])
def test_bare_close(tmp_path: Path, line: str) -> None:
    assert rules(tmp_path, "src/net/a.cc", f"void f() {{\n  {line}\n}}\n") == ["2 close"]


@pytest.mark.parametrize(
    "line", ["socket.close(error);", "channel->close(1);", "void close(int code);", "// close(fd)"]
)
def test_other_close(tmp_path: Path, line: str) -> None:
    assert rules(tmp_path, "src/net/a.cc", f"{line}\n") == []


def test_the_owner_may_close(tmp_path: Path) -> None:
    assert rules(tmp_path, "src/base/unique_fd.cc", "void f() { ::close(fd); }\n") == []


def test_fork_has_one_place(tmp_path: Path) -> None:
    text = "void f() { auto process = ::fork(); }\n"
    assert rules(tmp_path, "src/observer/a.cc", text) == ["1 fork"]
    assert rules(tmp_path, "src/process/spawn.cc", text) == []


@pytest.mark.parametrize("call", ["::open(path, O_RDONLY)", "::pipe(ends)", "socket(AF_UNIX, SOCK_STREAM, 0)"])
def test_descriptors_without_close_on_exec(tmp_path: Path, call: str) -> None:
    assert rules(tmp_path, "src/base/a.cc", f"auto x = f(1);\nint y = {call};\n") == ["2 cloexec"]


def test_descriptors_with_close_on_exec(tmp_path: Path) -> None:
    text = "int a = ::open(p.c_str(),\n    O_RDONLY | O_CLOEXEC);\nauto b = open(name);\nvoid open(const char* p);\n"
    assert rules(tmp_path, "src/base/a.cc", text) == []


@pytest.mark.parametrize("call", ["std::this_thread::sleep_for(1s);", "usleep(5);", "  ::sleep(1);"])
def test_sleeping_cpp_test(tmp_path: Path, call: str) -> None:
    assert rules(tmp_path, "src/net/a_test.cc", f'auto script = "time.sleep(5)";\n{call}\n') == ["2 sleep"]
    assert rules(tmp_path, "src/net/a.cc", f"{call}\n") == []


def test_sleeping_python_test(tmp_path: Path) -> None:
    text = "import asyncio\nimport time\nfrom time import sleep as nap\ntime.sleep(1)\nnap(1)\nasync def f() -> None:\n"
    text += "    await asyncio.sleep(0)\n    await asyncio.sleep(0.1)\nSCRIPT = 'import time; time.sleep(9)'\n"
    assert sorted(rules(tmp_path, "tests/a.py", text)) == ["4 sleep", "5 sleep", "8 sleep"]
    assert rules(tmp_path, "tests/children/a.py", text) == []
    assert rules(tmp_path, "tools/a.py", text) == []


def test_sleeping_browser_test(tmp_path: Path) -> None:
    assert rules(tmp_path, "tests/e2e/a.test.ts", "await page.waitForTimeout(100)\n") == ["1 sleep"]


def test_an_exception_gives_its_reason(tmp_path: Path) -> None:
    text = "import time\n# allow(sleep): the kernel gives no event for this\ntime.sleep(1)\n"
    assert rules(tmp_path, "tests/a.py", text) == []
    assert rules(tmp_path, "tests/a.py", text.replace(": the kernel gives no event for this", ":")) == ["3 sleep"]
    assert rules(tmp_path, "tests/a.py", text.replace("sleep)", "close)")) == ["3 sleep"]


def test_length(tmp_path: Path) -> None:
    assert rules(tmp_path, "src/net/a.cc", "\n" * MAX_LINES) == []
    assert rules(tmp_path, "src/net/a.cc", "\n" * (MAX_LINES + 1)) == [f"{MAX_LINES + 1} length"]
    assert rules(tmp_path, "src/net/a_test.cc", "\n" * MAX_TEST_LINES) == []
    assert rules(tmp_path, "src/net/a_test.cc", "\n" * (MAX_TEST_LINES + 1)) == [f"{MAX_TEST_LINES + 1} length"]
    assert rules(tmp_path, "docs/a.md", "\n" * 1000) == []


def test_paths_of_somebodys_machine(tmp_path: Path) -> None:
    text = "cd /wo" + "rk/main\nls /workdirs/1\nls /ro" + "ot/x\n"
    assert rules(tmp_path, "docs/a.md", text) == ["1 machine-path", "3 machine-path"]


def test_leftovers(tmp_path: Path) -> None:
    assert rules(tmp_path, "src/net/a.h", "// TO" + "DO: later\n") == ["1 leftover"]


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"\xff\xfe")
    assert list(check_file(tmp_path / "a.py", "a.py")) == []
