"""No foreign generators, sockets or files among the collector's objects."""

import gc
import io
import socket
import types

kinds = (types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType, types.TracebackType)
print([kind.__name__ for kind in kinds for found in gc.get_objects() if isinstance(found, kind)])
print([type(found).__name__ for found in gc.get_objects() if isinstance(found, socket.socket)])
names = sorted(str(found.name) for found in gc.get_objects() if isinstance(found, io.FileIO))
print(names)
