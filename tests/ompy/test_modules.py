"""The package as a whole: every module anywhere, on the oldest Python, at little cost."""

import ast
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import ompy
import pytest

FOLDER = Path(ompy.__path__[0])
MODULES = sorted(module.name for module in pkgutil.walk_packages(ompy.__path__, "ompy."))
FILES = sorted(FOLDER.rglob("*.py"))

# What costs a task's start milliseconds; communication and observer are imported by most scripts.
SLOW_MODULES = {"asyncio", "typing", "socket", "uuid", "threading", "selectors", "subprocess", "dataclasses"}


def in_a_new_interpreter(code: str) -> str:
    """What the code prints outside of a task."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AM_")}
    environment["PYTHONPATH"] = str(FOLDER.parent)
    # -S: no site-packages, so nothing but the standard library is there.
    command = [sys.executable, "-S", "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60).stdout


def test_there_are_modules() -> None:
    assert {"ompy.appmanager.communication", "ompy.appmanager.observer", "ompy.appmanager.testing"} <= set(MODULES)
    assert len(FILES) > len(MODULES) / 2


@pytest.mark.parametrize("name", MODULES)
def test_every_module_imports_outside_of_a_task(name: str) -> None:
    assert in_a_new_interpreter(f"import {name}; print('fine')") == "fine\n"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_every_file_is_python_3_8(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path), feature_version=(3, 8))
    assert ast.get_docstring(tree), "a module says what it is for"


def test_calls_outside_of_a_task_say_so() -> None:
    code = """
from ompy.appmanager.communication import *
from ompy.appmanager.observer import *
from ompy.appmanager.variables import PID, PARENT_PID, TASK_PARAMS
calls = [lambda: run_am_script('a.py'), lambda: wait_for_task('a'), lambda: stop_task('a'),
         lambda: send_json_to_task('a', 1), lambda: connect_to_task('a'), wait_for_socket_from_web,
         read_json_from_observer, lambda: set_status('a')]
for call in calls:
    try: call()
    except AmError as error: print(error.code)
print(PID, PARENT_PID, TASK_PARAMS['scriptParams'])
"""
    assert in_a_new_interpreter(code) == "no_task\n" * 8 + "None None {}\n"


def test_a_scripts_imports_are_cheap() -> None:
    code = """
import sys
before = set(sys.modules)
from ompy.appmanager.communication import run_am_script, wait_for_socket_from_web
from ompy.appmanager.observer import read_json_from_observer
from ompy.appmanager.variables import TASK_PARAMS
print(*sorted(set(sys.modules) - before))
"""
    assert not SLOW_MODULES & set(in_a_new_interpreter(code).split())
