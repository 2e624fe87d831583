"""runpy."""

import runpy
import sys
from pathlib import Path

Path("run_me.py").write_text("import sys\nresult = (__name__, __file__, sys.argv[0])\n")
print(runpy.run_path("run_me.py")["result"])
print(runpy.run_path("run_me.py", run_name="__main__", init_globals={"given": 1})["given"])
try:
    runpy.run_module("_helper_module_main", run_name="__main__", alter_sys=True)
except SystemExit as error:
    print(error.code)
print(sys.modules["__main__"].__dict__ is globals(), sorted(runpy.run_module("_helper_plain"))[:3])
