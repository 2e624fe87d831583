"""Regular expressions and text."""

import re
import string
import textwrap
import unicodedata

print(re.findall(r"(?P<word>\w+)-(\d+)", "a-1 é-22"), re.sub("(a)", r"<\1>", "banana"), re.compile("x", re.I))
print(textwrap.fill("word " * 10, 20), unicodedata.name("é"), unicodedata.normalize("NFD", "é").encode())
print(string.Template("$a").substitute(a=1), "ß".upper(), "İ".lower().encode(), "{:>5}|{!r}".format(1, "x"))
re.compile("(")
