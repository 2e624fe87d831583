"""A platform for the tests of one's own scripts, in the test's process and without the Application Manager.

    from ompy.appmanager.testing import FakePlatform

    def test_starts_a_child_for_each_row():
        with FakePlatform(params={"rows": 2}) as platform:
            platform.add_script("child.py", Outcome("exited", 0))
            my_script.main()
            assert [child.params for child in platform.started] == [{"row": 0}, {"row": 1}]

It serves a real unix socket with the platform's protocol, so everything of ``communication`` and ``observer`` works as
it does in a task, also from threads and subprocesses.
"""

from __future__ import annotations

from ompy.appmanager.testing._platform import FakePlatform
from ompy.appmanager.testing._state import FakeTask, Script, SentMessage, Status

__all__ = ["FakePlatform", "FakeTask", "Script", "SentMessage", "Status"]
