"""Codecs and their error handlers."""

import codecs

for name in ("utf8", "latin-1", "cp1251", "idna", "rot13", "no-such"):
    try:
        print(codecs.lookup(name).name)
    except LookupError as error:
        print(error)
codecs.register_error("corpus", lambda error: ("?", error.end))
print("é".encode("ascii", "corpus"))
print(codecs.lookup_error("surrogateescape").__name__)
