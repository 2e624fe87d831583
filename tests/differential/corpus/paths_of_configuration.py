"""sysconfig and site."""

import os
import site
import sys
import sysconfig

print(sysconfig.get_default_scheme(), sysconfig.get_preferred_scheme("user"), sorted(sysconfig.get_paths()))
print(sysconfig.get_config_var("prefix") == sys.prefix, sysconfig.get_platform())
print(site.ENABLE_USER_SITE, all(path in sys.path for path in site.getsitepackages() if os.path.isdir(path)))
print(sysconfig.get_config_var("EXT_SUFFIX"), sysconfig.is_python_build())
print(os.path.exists(os.path.join(sys.prefix, "pyvenv.cfg")) == (sys.prefix != sys.base_prefix))
