"""exec, eval, compile."""

space = {}
exec("def f(x):\n    return x + 1\nresult = f(1)", space)
print(space["result"], sorted(space), eval("result * 2", space), space["f"].__module__)
code = compile("x + 1", "<given>", "eval")
print(code.co_filename, code.co_names, eval(code, {"x": 2}))
exec("inner = __name__")
print(inner)  # noqa: F821
print(eval("__name__", {}), "__builtins__" in space)
exec(compile("raise ValueError('in exec')", "<given>", "exec"))
