"""The attributes of the standard streams."""

import sys

for stream in (sys.stdin, sys.stdout, sys.stderr):
    print(stream.name, stream.mode, stream.encoding, stream.errors, stream.newlines, stream.fileno())
    print(stream.isatty(), stream.closed, stream.readable(), stream.writable(), stream.write_through)
    print(type(stream).__name__, type(stream.buffer).__name__, type(stream.buffer.raw).__name__)
    print(stream.buffer.name, stream.buffer.mode, stream.buffer.raw.mode, stream.buffer.raw.closefd)
print(sys.stderr.line_buffering, sys.stdin.line_buffering)
print(sys.stdin is sys.__stdin__, sys.stdout is sys.__stdout__, sys.stderr is sys.__stderr__)
print(repr(sys.stdin), repr(sys.stdout), repr(sys.stderr))
