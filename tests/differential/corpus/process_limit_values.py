"""The limits themselves."""

import resource

for name in ("RLIMIT_NOFILE", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK"):
    print(name, resource.getrlimit(getattr(resource, name)))
