"""Where modules come from."""

import importlib.util
import os

for name in ("json", "sys", "_helper_plain", "no_such_module", "zipimport", "math", "email.mime"):
    spec = importlib.util.find_spec(name)
    if spec is None:
        print(name, None)
    else:
        print(name, os.path.basename(spec.origin or "-"), type(spec.loader).__name__, spec.has_location, spec.parent)
