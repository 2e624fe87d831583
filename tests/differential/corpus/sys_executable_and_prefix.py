"""The interpreter's program and prefixes."""

import os
import sys
import sysconfig

print(os.path.isabs(sys.executable), os.access(sys.executable, os.X_OK))
print(os.path.samefile(os.path.realpath(sys.executable), "/proc/self/exe"))
print(os.path.samefile(sys._base_executable, "/proc/self/exe"))
print(sys.prefix == sys.exec_prefix, sys.base_prefix == sys.base_exec_prefix)
print(sysconfig.get_paths()["stdlib"].startswith(sys.base_prefix))
print(sysconfig.get_paths()["purelib"].startswith(sys.prefix))
print(sysconfig.get_paths()["purelib"] in sys.path)
print(os.path.dirname(os.__file__) == sysconfig.get_path("stdlib"))
print(sysconfig.get_python_version() == f"{sys.version_info.major}.{sys.version_info.minor}")
print(sys.platlibdir)
