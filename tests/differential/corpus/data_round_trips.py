"""Formats of data."""

import base64
import csv
import io
import json
import struct
import sys
import tomllib
import xml.etree.ElementTree as ElementTree

value = {"a": [1, 2.5, None, True], "é": "🎉"}
print(json.dumps(value, sort_keys=True), json.loads(json.dumps(value, ensure_ascii=False)) == value)
output = io.StringIO()
csv.writer(output).writerows([[1, "a,b"], ['"', "\n"]])
print(repr(output.getvalue()), list(csv.reader(io.StringIO(output.getvalue()))))
print(struct.unpack("<hI", struct.pack("<hI", -2, 7)), base64.b64encode(b"data"), tomllib.loads("a = [1]"))
print(ElementTree.tostring(ElementTree.fromstring("<a b='c'><d/></a>")))
csv.writer(sys.stdout).writerow(["x", "y z"])
json.loads("{'a'")
