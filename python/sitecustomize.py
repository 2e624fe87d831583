"""Runs at the start of every interpreter of a task, before the script: this folder is on its PYTHONPATH.

It makes the documented differences from a plain ``python script.py`` and leaves no other trace.
"""

import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))


def _set_up_output() -> None:
    # Lines reach the console when they are printed, although stdout is a pipe.
    if sys.stdout is not None:
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]


def _set_up_task(application_path: str) -> None:
    # The applications' files are read-only to tasks, unless the administrator has it otherwise.
    if "AM_SOURCES_WRITABLE" not in os.environ:
        sys.dont_write_bytecode = True
    # ompy goes last, where it shadows nothing; the application's root comes right behind the script's own folder,
    # which the interpreter puts in front after this.
    sys.path[:] = [application_path] + [entry for entry in sys.path if entry != _HERE] + [_HERE]


def _run_next_sitecustomize() -> None:
    # Python runs only the first one that it finds: hand on to the environment's own.
    path = sys.path[:]
    this = sys.modules.pop(__name__)
    sys.path[:] = [entry for entry in path if entry != _HERE]
    try:
        import sitecustomize  # noqa: F401
    except ImportError as error:
        if error.name != __name__:
            raise
    finally:
        sys.modules.setdefault(__name__, this)
        sys.path[:] = path


def _run_usercustomize() -> None:
    # Python would do it after this module: when the application's folder is on the path already, which it is not when a
    # plain interpreter looks for that module; and between a task and its first line.
    import site

    if not site.ENABLE_USER_SITE:
        return
    usual = site.execusercustomize
    usual()

    def done() -> None:
        site.execusercustomize = usual

    site.execusercustomize = done


def _wait_for_script(placeholder: str) -> None:
    known = set(sys.modules)
    from ompy.appmanager._waiting import wait_for_order

    wait_for_order(placeholder, known)


_run_next_sitecustomize()
_placeholder = os.environ.get("AM_PLACEHOLDER")
if _placeholder or "AM_APPLICATION_PATH" in os.environ:
    _run_usercustomize()
    _set_up_output()
if _placeholder:
    _wait_for_script(_placeholder)
_application_path = os.environ.get("AM_APPLICATION_PATH")
if _application_path:
    _set_up_task(_application_path)
