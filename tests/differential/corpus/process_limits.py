"""Limits of resources."""

import resource

names = [name for name in dir(resource) if name.startswith("RLIMIT_")]
for name in sorted(names):
    soft, hard = resource.getrlimit(getattr(resource, name))
    print(name, hard == resource.RLIM_INFINITY or 0 <= soft <= hard)
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (20, hard))
opened = []
try:
    while True:
        opened.append(open("/dev/null"))  # noqa: SIM115
except OSError as error:
    print(error.strerror, len(opened))
for file in opened:
    file.close()
