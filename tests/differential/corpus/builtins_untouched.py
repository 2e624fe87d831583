"""The names of builtins."""

import builtins

names = sorted(dir(builtins))
print(len(names))
print(names)
print(builtins.exit, builtins.quit)
print(type(builtins.copyright).__name__, type(builtins.license).__name__, builtins.help)
