"""What the C level says about the interpreter."""

import ctypes
import sys

api = ctypes.pythonapi
api.Py_GetProgramName.restype = ctypes.c_wchar_p
api.Py_GetProgramFullPath.restype = ctypes.c_wchar_p
api.Py_GetPrefix.restype = ctypes.c_wchar_p
print(api.Py_GetProgramFullPath() == sys.executable, api.Py_GetPrefix() == sys.prefix)
print(api.Py_GetProgramName().rpartition("/")[2].startswith("python"))
print(api.PyGILState_Check(), api.Py_IsInitialized())
for name in ("Py_InteractiveFlag", "Py_InspectFlag", "Py_UnbufferedStdioFlag", "Py_NoSiteFlag", "Py_IsolatedFlag"):
    print(name, ctypes.c_int.in_dll(api, name).value)
