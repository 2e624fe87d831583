"""An interpreter inside the script."""

import code
import codeop

interpreter = code.InteractiveInterpreter({"given": 3})
print(interpreter.runsource("print(given + 1)"), interpreter.runsource("if given:"))
print(interpreter.runsource("given"), interpreter.runsource("1 +* 1"), interpreter.runsource("1 / 0"))
print(codeop.compile_command("for x in y:"))
console = code.InteractiveConsole()
print([console.push(line) for line in ("def f():", "    return 5", "", "f()")])
