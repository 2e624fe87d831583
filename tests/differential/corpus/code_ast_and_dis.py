"""Syntax trees and byte code."""

import ast
import dis
import symtable
import tokenize
from pathlib import Path


def function(values):
    return [value for value in values if value > 1]


print(ast.dump(ast.parse("x = a.b[1] + f(*c)"), indent=1))
print(ast.unparse(ast.parse("if  a : b=1")), ast.literal_eval("{'a': [1, (2,)]}"))
print([found.opname for found in dis.get_instructions(function)][:4], function.__code__.co_varnames)
print(symtable.symtable("def f(a): return b", "text", "exec").get_children()[0].get_parameters())
with tokenize.open(__file__) as file:
    print(file.encoding, len(list(tokenize.generate_tokens(file.readline))) > 50)
print(Path(__file__).read_text() == Path(__file__).read_text())
dis.dis(compile("a + 1", "text", "eval"))
